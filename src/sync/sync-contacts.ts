import { randomUUID } from 'node:crypto';
import type { PlannedScan } from '../data/reads/sync-plan.ts';
import { CONTACT_PAGE_SIZE, CONTACTS_PATH, isContactPage } from '../entities/contact/endpoints.ts';
import { isAppError } from '../errors/app-error.ts';
import { contactsOf, storeContacts } from './contact-page.ts';
import { CursorTrail } from './cursor-trail.ts';
import { askSized, PageSize, patienceFor } from './page-size.ts';
import { pollContacts } from './poll-contacts.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

const ENTITY = 'contacts';
const KIND = 'backfill';
/**
 * All contacts are listed again after this time, seconds: the search leaves out some that change around midnight
 * (API-FACTS 4.5, TRAPS T17).
 */
const FULL_LIST_SECONDS = 7 * 86_400;

/** Mirrors contacts: all of them the first time, now and then, and when asked to; else those that changed. */
export const syncContacts = async (run: RunContext, full: boolean): Promise<void> => {
  const plan = await run.store.read('readSyncPlan', {
    workspaceId: run.fence.workspaceId,
    entity: ENTITY,
    kind: KIND,
  });
  const { fullAt, scan, watermark } = plan;
  const isFresh = scan === null && fullAt !== null && serverSeconds(run.client) - fullAt < FULL_LIST_SECONDS;
  if (full || !isFresh || watermark === null) await listContacts(run, scan);
  else await pollContacts(run, watermark);
};

/** The whole list by its cursors; a run that was killed goes on at the page it had reached. */
const listContacts = async (run: RunContext, begun: PlannedScan | null): Promise<void> => {
  const { client, fence, store } = run;
  const scan = begun ?? (await openList(run));
  const window = scan.windows[0];
  if (window !== undefined && !window.done) {
    try {
      await followCursors(run, scan.scanId, window.nextCursor);
    } catch (error) {
      if (window.nextCursor === null || !isAppError(error, 'INTERCOM_BAD_REQUEST')) throw error;
      run.logger.warn({ details: error.details }, 'a saved cursor was refused; contacts are listed anew');
      await store.write('restartWindow', { fence, scanId: scan.scanId, windowNo: 0 });
      await followCursors(run, scan.scanId, null);
    }
  }
  await store.write('finishScan', {
    fence,
    entity: ENTITY,
    kind: KIND,
    watermark: scan.startedAt,
    completedAt: serverSeconds(client),
  });
  await store.write('queueAbsentContacts', { fence, listedSince: scan.startedAt });
};

const openList = async (run: RunContext): Promise<Pick<PlannedScan, 'scanId' | 'startedAt' | 'windows'>> => {
  const { fence, store } = run;
  const { time: startedAt } = await run.askServer();
  const scanId = randomUUID();
  const window = { lower: 0, upper: startedAt };
  await store.write('startScan', {
    fence,
    entity: ENTITY,
    kind: KIND,
    scanId,
    field: 'list',
    startedAt,
    since: 0,
    windows: [window],
  });
  return { scanId, startedAt, windows: [{ ...window, windowNo: 0, nextCursor: null, done: false }] };
};

const followCursors = async (run: RunContext, scanId: string, start: string | null): Promise<void> => {
  const { client, logger, signal } = run;
  const trail = new CursorTrail(start);
  const size = new PageSize(CONTACT_PAGE_SIZE);
  for (;;) {
    const { cursor } = trail;
    const { data, text, serverTime } = await askSized(size, logger, (perPage) =>
      client.request('GET', CONTACTS_PATH, {
        query: { per_page: perPage, ...(cursor === null ? {} : { starting_after: cursor }) },
        expect: isContactPage,
        ...patienceFor(perPage),
        signal,
      }),
    );
    const contacts = contactsOf(run, text);
    const next = trail.follow(
      data.pages,
      contacts.map(({ columns }) => columns.id),
    );
    await storeContacts(run, contacts, serverTime, { scanId, windowNo: 0, nextCursor: next });
    if (next === null) return;
  }
};
