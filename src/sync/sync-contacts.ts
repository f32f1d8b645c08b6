import { randomUUID } from 'node:crypto';
import type { PlannedScan } from '../data/reads/sync-plan.ts';
import type { IncomingContact } from '../data/writes/apply-contacts.ts';
import { CONTACT_PAGE_SIZE, CONTACTS_PATH, isContactPage } from '../entities/contact/endpoints.ts';
import { isAppError } from '../errors/app-error.ts';
import { sliceArray } from '../lib/json/slice-json.ts';
import { CursorTrail } from './cursor-trail.ts';
import { toIncomingContact } from './incoming-contact.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

const ENTITY = 'contacts';
const KIND = 'backfill';

/** Mirrors all contacts by their cursor list; a run that was killed goes on at the page it had reached. */
export const syncContacts = async (run: RunContext): Promise<void> => {
  const { client, fence, store } = run;
  const scan = await openList(run);
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
};

/** The listing that was interrupted, else a new one. */
const openList = async (run: RunContext): Promise<Pick<PlannedScan, 'scanId' | 'startedAt' | 'windows'>> => {
  const { fence, store } = run;
  const plan = await store.read('readSyncPlan', {
    workspaceId: fence.workspaceId,
    entity: ENTITY,
    kind: KIND,
  });
  if (plan.scan !== null) return plan.scan;
  const startedAt = await run.askServerTime();
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
  const { client, fence, report, signal, store } = run;
  const result = report.entity(ENTITY);
  const trail = new CursorTrail(start);
  for (;;) {
    const { cursor } = trail;
    const { data, text, serverTime } = await client.request('GET', CONTACTS_PATH, {
      query: { per_page: CONTACT_PAGE_SIZE, ...(cursor === null ? {} : { starting_after: cursor }) },
      expect: isContactPage,
      signal,
    });
    const contacts = sliceArray(text, 'data').flatMap((payload): IncomingContact[] => {
      const contact = toIncomingContact(payload);
      if (contact === undefined) result.failed += 1;
      return contact === undefined ? [] : [contact];
    });
    const next = trail.follow(
      data.pages,
      contacts.map(({ columns }) => columns.id),
    );
    const step = { scanId, windowNo: 0, nextCursor: next };
    const { changed } = await store.write('applyContactPage', {
      fence,
      step,
      contacts,
      fetchedAt: serverTime,
    });
    result.listed += contacts.length;
    result.changed += changed;
    report.tell();
    if (next === null) return;
  }
};
