import { sql } from 'kysely';
import type { WriteContext } from '../context.ts';
import type { WriteDb } from '../db.ts';
import type { Priority } from '../fetch-priority.ts';

export interface QueueItem {
  readonly id: string;
  readonly wantedUpdatedAt: number;
  readonly createdAt: number;
}

const ITEMS_PER_STATEMENT = 500;

/**
 * Puts objects into the queue. What waits already keeps the newer wish, the older promise and the better place; its
 * failures are forgotten only when something newer is wanted.
 */
export const enqueue = async (
  db: WriteDb,
  workspaceId: string,
  entity: string,
  items: readonly QueueItem[],
  { priority, since }: { readonly priority: Priority; readonly since: number },
): Promise<void> => {
  const isNewer = sql<boolean>`excluded.wanted_updated_at > fetch_queue.wanted_updated_at`;
  const larger = (column: string) =>
    sql<number>`case when excluded.${sql.ref(column)} > fetch_queue.${sql.ref(column)} then excluded.${sql.ref(column)} else fetch_queue.${sql.ref(column)} end`;
  const smaller = (column: string) =>
    sql<number>`case when excluded.${sql.ref(column)} < fetch_queue.${sql.ref(column)} then excluded.${sql.ref(column)} else fetch_queue.${sql.ref(column)} end`;
  for (let start = 0; start < items.length; start += ITEMS_PER_STATEMENT) {
    await db
      .insertInto('fetch_queue')
      .values(
        items.slice(start, start + ITEMS_PER_STATEMENT).map((item) => ({
          workspace_id: workspaceId,
          entity,
          id: item.id,
          priority,
          wanted_updated_at: item.wantedUpdatedAt,
          since,
          created_at: item.createdAt,
          attempts: 0,
          misses: 0,
          missed_at: null,
          not_before: 0,
          error_code: null,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['workspace_id', 'entity', 'id']).doUpdateSet({
          wanted_updated_at: larger('wanted_updated_at'),
          since: smaller('since'),
          priority: smaller('priority'),
          attempts: sql<number>`case when ${isNewer} then 0 else fetch_queue.attempts end`,
          not_before: sql<number>`case when ${isNewer} then 0 else fetch_queue.not_before end`,
          error_code: sql<string | null>`case when ${isNewer} then null else fetch_queue.error_code end`,
        }),
      )
      .execute();
  }
};

export const dequeue = async (
  db: WriteDb,
  workspaceId: string,
  entity: string,
  ids: readonly string[],
): Promise<void> => {
  if (ids.length === 0) return;
  await db
    .deleteFrom('fetch_queue')
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .where('id', 'in', ids)
    .execute();
};

/** What was wanted of these objects, by id; those that do not wait are absent. */
export const wantedTimes = async (
  db: WriteDb,
  workspaceId: string,
  entity: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('fetch_queue')
    .select(['id', 'wanted_updated_at'])
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row.wanted_updated_at]));
};

/** An object that could not be fetched. */
export interface FetchFailure {
  readonly id: string;
  readonly code: string;
  /** Time of the failure and of the next try, Unix ms. */
  readonly at: number;
  readonly notBefore: number;
}

/** Codes that say that Intercom no longer has an object. */
const GONE = new Set(['INTERCOM_NOT_FOUND', 'INTERCOM_GONE']);
/** So many answers, each a while after the one before, mean that an object was deleted (TRAPS T44). */
const CONFIRMATIONS = 2;

/**
 * Notes failures. @returns ids that Intercom was asked for often enough, and does not have
 */
export const noteFailures = async (
  { db }: Pick<WriteContext, 'db'>,
  workspaceId: string,
  entity: string,
  failures: readonly FetchFailure[],
  confirmAfterMs: number,
): Promise<readonly string[]> => {
  const gone: string[] = [];
  for (const failure of failures) {
    const isGone = GONE.has(failure.code);
    const counts = sql<boolean>`(missed_at is null or missed_at <= ${failure.at - confirmAfterMs})`;
    const row = await db
      .updateTable('fetch_queue')
      .set((eb) => ({
        attempts: eb('attempts', '+', 1),
        not_before: failure.notBefore,
        error_code: failure.code,
        // Anything but "gone" says that it is not known; an answer that it is there would have taken it off the queue.
        misses: isGone ? sql<number>`misses + case when ${counts} then 1 else 0 end` : eb.ref('misses'),
        missed_at: isGone
          ? sql<number>`case when ${counts} then ${failure.at} else missed_at end`
          : eb.ref('missed_at'),
      }))
      .where('workspace_id', '=', workspaceId)
      .where('entity', '=', entity)
      .where('id', '=', failure.id)
      .returning('misses')
      .executeTakeFirst();
    if (isGone && (row?.misses ?? 0) >= CONFIRMATIONS) gone.push(failure.id);
  }
  return gone;
};
