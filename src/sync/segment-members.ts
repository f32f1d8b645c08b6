import {
  CONTACT_PAGE_SIZE,
  CONTACT_SEARCH_PATH,
  isContactPage,
  segmentSearchBody,
} from '../entities/contact/endpoints.ts';
import { isAppError } from '../errors/app-error.ts';
import { asId, asObject } from '../lib/read-json.ts';
import { CursorTrail } from './cursor-trail.ts';
import { askSized, PageSize, patienceFor } from './page-size.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

/** Its row in `sync_states`: when all of it was listed last. */
const ENTITY = 'contact_segments';
/** Members are searched for once a day: no object names the segments of a contact, and no list what changed in one. */
const REST_SECONDS = 86_400;
/** Segments searched at the same time. */
const AT_ONCE = 4;

/**
 * Mirrors which contacts are in which segment, by one search a segment (API-FACTS 4.9): asking each contact would take a
 * request each.
 */
export const syncSegmentMembers = async (run: RunContext, full: boolean): Promise<void> => {
  const { client, fence, store } = run;
  const { workspaceId } = fence;
  const plan = await store.read('readSyncPlan', { workspaceId, entity: ENTITY, kind: 'backfill' });
  if (!full && serverSeconds(client) - (plan.completedAt ?? 0) < REST_SECONDS) return;
  const segments = [...(await store.read('listSegments', { workspaceId }))];
  // None, or not listed yet (a sync of contacts only): the next run has them.
  if (segments.length === 0) return;
  const { time: startedAt } = await run.askServer();
  const worker = async (): Promise<void> => {
    for (let id = segments.shift(); id !== undefined; id = segments.shift()) await syncMembers(run, id);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await store.write('forgetSegments', { fence });
  await store.write('finishScan', {
    fence,
    entity: ENTITY,
    kind: 'backfill',
    watermark: startedAt,
    completedAt: serverSeconds(client),
  });
};

const syncMembers = async (run: RunContext, segmentId: string): Promise<void> => {
  const { client, fence, logger, signal, store } = run;
  const contactIds: string[] = [];
  const trail = new CursorTrail(null);
  const size = new PageSize(CONTACT_PAGE_SIZE);
  for (;;) {
    const { cursor } = trail;
    const answer = await askSized(size, logger, (perPage) =>
      client.request('POST', CONTACT_SEARCH_PATH, {
        body: segmentSearchBody(segmentId, cursor, perPage),
        expect: isContactPage,
        ...patienceFor(perPage),
        signal,
      }),
    ).catch((error: unknown) => {
      // Segments of companies, or one that is just gone: not to be searched for among contacts.
      if (!isAppError(error, 'INTERCOM_BAD_REQUEST') && !isAppError(error, 'INTERCOM_NOT_FOUND')) throw error;
      logger.info({ segment_id: segmentId, details: error.details }, 'a segment cannot be searched for');
    });
    if (answer === undefined) return;
    const ids = answer.data.data.flatMap((contact) => asId(asObject(contact).id) ?? []);
    contactIds.push(...ids);
    if (trail.follow(answer.data.pages, ids) === null) break;
  }
  await store.write('replaceSegmentMembers', { fence, segmentId, contactIds });
};
