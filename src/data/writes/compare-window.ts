import type { WriteContext } from '../context.ts';
import type { WriteDb } from '../db.ts';
import { PRIORITY } from '../fetch-priority.ts';
import { enqueue } from './fetch-queue.ts';
import type { Listed } from './listed-conversation.ts';

const ENTITY = 'conversations';

/** A page of a listing that is compared with what is stored. */
export interface Comparison {
  /** The window of the ledger, created_at, inclusive, Unix seconds. */
  readonly windowStart: number;
  readonly windowEnd: number;
  /** The first page of the window: what the ledger says of it begins anew. */
  readonly isFirst: boolean;
  /** The span that this page and the ones before have shown completely; absent where that cannot be told. */
  readonly covered?: {
    readonly lower: number;
    readonly upper: number;
    /** Ids of earlier pages in that span. */
    readonly alsoListed: readonly string[];
  };
}

interface ComparedPage {
  readonly comparison: Comparison;
  readonly listed: readonly Listed[];
  readonly fetchedAt: number;
  readonly isLast: boolean;
}

/** Every change up to this server time was listed; 0 before any was. */
export const presentWatermark = async (db: WriteDb, workspaceId: string): Promise<number> => {
  const state = await db
    .selectFrom('sync_states')
    .select('watermark')
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', ENTITY)
    .executeTakeFirst();
  return state?.watermark ?? 0;
};

/** Other fields although nothing newer is claimed: a change that no poll shows (API-FACTS 5.1, TRAPS T40). */
const isOutdated = ({ hash, incoming, stored }: Listed): boolean =>
  stored !== undefined &&
  stored.deleted_at === null &&
  stored.listed_hash !== null &&
  stored.listed_hash !== hash &&
  stored.updated_at >= incoming.columns.updated_at;

const lacksParts = ({ incoming, stored }: Listed): boolean =>
  stored?.hydrated === 1 &&
  incoming.statParts !== null &&
  stored.thread_stat_parts !== null &&
  stored.thread_stat_parts < incoming.statParts;

/**
 * Compares a page with what is stored, and writes the result into the ledger. What is stored and no longer listed is asked
 * for by itself: absence alone deletes nothing. @returns how many that were
 */
export const compareWithStored = async (
  context: WriteContext,
  workspaceId: string,
  page: ComparedPage,
): Promise<number> => {
  const { comparison, fetchedAt, isLast, listed } = page;
  const absent = await queueAbsent(context, workspaceId, page);
  const { db } = context;
  const key = { workspace_id: workspaceId, entity: ENTITY, window_start: comparison.windowStart };
  if (comparison.isFirst) await beginWindow(db, key, page);
  const count = (test: (item: Listed) => boolean): number => listed.filter(test).length;
  await db
    .updateTable('coverage_windows')
    .set((eb) => ({
      listed: eb('listed', '+', listed.length),
      missing: eb(
        'missing',
        '+',
        count(({ stored }) => stored === undefined),
      ),
      outdated: eb('outdated', '+', count(isOutdated)),
      incomplete: eb('incomplete', '+', count(lacksParts)),
      absent: eb('absent', '+', absent),
    }))
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', ENTITY)
    .where('window_start', '=', comparison.windowStart)
    .execute();
  if (isLast) await endWindow(db, key, comparison, fetchedAt);
  return absent;
};

interface LedgerKey {
  readonly workspace_id: string;
  readonly entity: string;
  readonly window_start: number;
}

const beginWindow = async (
  db: WriteDb,
  key: LedgerKey,
  { comparison, fetchedAt }: ComparedPage,
): Promise<void> => {
  const fresh = {
    window_end: comparison.windowEnd,
    begun_at: fetchedAt,
    completed_at: null,
    listed: 0,
    stored: null,
    missing: 0,
    outdated: 0,
    incomplete: 0,
    absent: 0,
  };
  await db
    .insertInto('coverage_windows')
    .values({ ...key, ...fresh })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'entity', 'window_start']).doUpdateSet(fresh))
    .execute();
};

const endWindow = async (
  db: WriteDb,
  key: LedgerKey,
  { windowEnd }: Comparison,
  completedAt: number,
): Promise<void> => {
  const { stored } = await db
    .selectFrom('conversations')
    .select((eb) => eb.fn.countAll<number>().as('stored'))
    .where('workspace_id', '=', key.workspace_id)
    .where('created_at', '>=', key.window_start)
    .where('created_at', '<=', windowEnd)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  await db
    .updateTable('coverage_windows')
    .set({ completed_at: completedAt, stored: Number(stored) })
    .where('workspace_id', '=', key.workspace_id)
    .where('entity', '=', key.entity)
    .where('window_start', '=', key.window_start)
    .execute();
};

const queueAbsent = async (
  { db }: WriteContext,
  workspaceId: string,
  { comparison: { covered }, listed }: ComparedPage,
): Promise<number> => {
  if (covered === undefined || covered.upper < covered.lower) return 0;
  const rows = await db
    .selectFrom('conversations')
    .select(['id', 'created_at'])
    .where('workspace_id', '=', workspaceId)
    .where('created_at', '>=', covered.lower)
    .where('created_at', '<=', covered.upper)
    .where('deleted_at', 'is', null)
    .execute();
  const shown = new Set([...covered.alsoListed, ...listed.map(({ incoming }) => incoming.columns.id)]);
  const unseen = rows.filter(({ id }) => !shown.has(id));
  const hidden = await hiddenTickets(
    db,
    workspaceId,
    unseen.map(({ id }) => id),
  );
  const absent = unseen.filter(({ id }) => !hidden.has(id));
  await enqueue(
    db,
    workspaceId,
    ENTITY,
    absent.map((row) => ({ id: row.id, wantedUpdatedAt: 0, createdAt: row.created_at })),
    { priority: PRIORITY.repair, since: await presentWatermark(db, workspaceId) },
  );
  return absent.length;
};

/** Conversations that are tickets are not listed to who may not read tickets, which says nothing of them (TRAPS T20). */
const hiddenTickets = async (
  db: WriteDb,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set();
  const access = await db
    .selectFrom('capabilities')
    .select('state')
    .where('workspace_id', '=', workspaceId)
    .where('capability', '=', 'tickets')
    .executeTakeFirst();
  if (access?.state === 'ok') return new Set();
  const rows = await db
    .selectFrom('tickets')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute();
  return new Set(rows.map(({ id }) => id));
};
