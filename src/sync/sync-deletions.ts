import type { DeletedConversation } from '../data/writes/remove-conversations.ts';
import {
  DELETED_PAGE_SIZE,
  DELETED_PATH,
  type DeletedPage,
  isDeletedPage,
} from '../entities/conversation/endpoints.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { nextCursor } from '../intercom/pagination.ts';
import { asId, asObject, asTime } from '../lib/read-json.ts';
import { NOT_PERMITTED } from './not-permitted.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

/** The feed's row in `sync_states`: up to when it was read. */
const FEED = 'deleted_conversations';

/**
 * Takes over what was deleted: search never shows it, so ghosts would stay open for ever (TRAPS T45). The feed is read
 * newest first until it shows what was read before. Where the API's version has no feed, or the token may not read it,
 * the sweep finds what is gone (TRAPS T46).
 * @throws AppError when the feed is there and could not be read: the watermark must not move then
 */
export const syncDeletions = async (run: RunContext): Promise<void> => {
  const { fence, logger, store } = run;
  const plan = await store.read('readSyncPlan', {
    workspaceId: fence.workspaceId,
    entity: FEED,
    kind: 'poll',
  });
  const { time: startedAt } = await run.askServer();
  try {
    await readFeed(run, await oldestOfInterest(run, plan.watermark, startedAt));
  } catch (error) {
    if (!isAppError(error)) throw error;
    const known = await run.judgeRefusal(error);
    if (!isUnavailable(known)) throw error;
    // Once is enough: it stays so until version or token change.
    if (plan.errorCode === null)
      logger.warn({ code: known.code }, 'the feed of deleted conversations is not available');
    await store.write('failEntity', { fence, entity: FEED, code: known.code });
    return;
  }
  await store.write('finishScan', {
    fence,
    entity: FEED,
    kind: 'poll',
    watermark: startedAt,
    completedAt: serverSeconds(run.client),
  });
};

/** 400 `intercom_version_invalid` before 2.16 (API-FACTS 1.3), or no permission. */
const isUnavailable = (error: AppError): boolean =>
  NOT_PERMITTED.has(error.code) ||
  error.code === 'INTERCOM_NOT_FOUND' ||
  (error.code === 'INTERCOM_BAD_REQUEST' && error.details['upstreamCode'] === 'intercom_version_invalid');

/** Deletions before the first listing began cannot concern what is stored; later ones all do. */
const oldestOfInterest = async (
  run: RunContext,
  watermark: number | null,
  startedAt: number,
): Promise<number> => {
  const overlap = run.tuning.overlapSeconds;
  if (watermark !== null) return watermark - overlap;
  const listing = await run.store.read('readSyncPlan', {
    workspaceId: run.fence.workspaceId,
    entity: 'conversations',
    kind: 'backfill',
  });
  // A mirror that was complete before the feed was ever read: all of the feed counts.
  if (listing.fullAt !== null) return 0;
  return (listing.scan?.startedAt ?? startedAt) - overlap;
};

/** New deletions push the others to later pages while we read: that repeats some, and skips none. */
const readFeed = async (run: RunContext, since: number): Promise<void> => {
  const { client, fence, report, signal, store } = run;
  for (let page = 1; ; page += 1) {
    const { data } = await client.request('GET', DELETED_PATH, {
      query: { per_page: DELETED_PAGE_SIZE, page, order: 'desc' },
      expect: isDeletedPage,
      priority: 'high',
      signal,
    });
    const deleted = deletionsOf(data);
    if (deleted.length > 0)
      report.entity('conversations').changed += await store.write('applyDeletions', { fence, deleted });
    const next = nextCursor(data.pages);
    if (next === undefined || deleted.some(({ deletedAt }) => deletedAt < since)) return;
    if (next.kind !== 'page' || next.page <= page)
      throw new AppError('INTERCOM_BAD_BODY', undefined, { details: { reason: 'pages.next' } });
  }
};

const deletionsOf = (page: DeletedPage): DeletedConversation[] =>
  page.conversations.flatMap((item) => {
    const { deleted_at: deletedAt, id } = asObject(item);
    const known = asId(id);
    return known === null ? [] : [{ id: known, deletedAt: asTime(deletedAt) ?? 0 }];
  });
