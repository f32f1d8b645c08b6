import type { MappedEvaluations } from '../../entities/conversation/table.ts';
import { readingHalf, type WriteDb } from '../db.ts';
import { packPayload } from '../payload-codec.ts';
import { evaluationsOf } from '../reads/evaluations.ts';
import type { Listed } from './listed-conversation.ts';

const TABLES = {
  monitors: 'conversation_monitor_evaluations',
  scorecards: 'conversation_scorecards',
} as const;
type Kind = keyof typeof TABLES;
const KINDS = Object.keys(TABLES) as Kind[];

/** A list of one conversation that a listing showed. */
interface Shown<K extends Kind> {
  readonly conversationId: string;
  readonly updatedAt: number;
  readonly list: NonNullable<MappedEvaluations[K]>;
}

/**
 * Stores what QA monitors and scorecards found, in place of what they found before. They are compared by themselves, for a
 * listing shows them anew without a newer updated_at; one of a replica that lags behind, or of what is deleted, counts not.
 */
export const putEvaluations = async (
  db: WriteDb,
  workspaceId: string,
  listed: readonly Listed[],
): Promise<void> => {
  const current = listed.filter(
    ({ incoming, stored }) =>
      stored === undefined ||
      (stored.deleted_at === null && incoming.columns.updated_at >= stored.updated_at),
  );
  for (const kind of KINDS) {
    const shown = current.flatMap(({ incoming: { columns, evaluations } }) => {
      const list = evaluations?.[kind];
      return list === undefined ? [] : [{ conversationId: columns.id, updatedAt: columns.updated_at, list }];
    });
    await replaceChanged(db, workspaceId, kind, shown);
  }
};

const replaceChanged = async <K extends Kind>(
  db: WriteDb,
  workspaceId: string,
  kind: K,
  shown: readonly Shown<K>[],
): Promise<void> => {
  if (shown.length === 0) return;
  const table: (typeof TABLES)[Kind] = TABLES[kind];
  const stored = await evaluationsOf(
    { db: readingHalf(db) },
    workspaceId,
    table,
    shown.map(({ conversationId }) => conversationId),
  );
  const changed = shown.filter(({ conversationId, list, updatedAt }) => {
    const before = stored.get(conversationId) ?? [];
    return (
      before.length !== list.length ||
      list.some(({ json }, index) => json !== before[index]?.json || updatedAt > before[index].updatedAt)
    );
  });
  const replaced = changed.flatMap(({ conversationId }) =>
    stored.has(conversationId) ? [conversationId] : [],
  );
  if (replaced.length > 0)
    await db
      .deleteFrom(table)
      .where('workspace_id', '=', workspaceId)
      .where('conversation_id', 'in', replaced)
      .execute();
  const rows = changed.flatMap(({ conversationId, list, updatedAt }) =>
    list.map(({ json, ...columns }, position) => ({
      workspace_id: workspaceId,
      conversation_id: conversationId,
      position,
      ...columns,
      conversation_updated_at: updatedAt,
      payload: packPayload(json),
    })),
  );
  if (rows.length > 0) await db.insertInto(table).values(rows).execute();
};

/**
 * Forgets what was found in a conversation before a text of it was taken back: an explanation may quote that text. The
 * next listing shows what Intercom still has.
 */
export const forgetOlderEvaluations = async (
  db: WriteDb,
  workspaceId: string,
  conversations: readonly { readonly id: string; readonly updatedAt: number }[],
): Promise<void> => {
  for (const kind of KINDS) {
    for (const { id, updatedAt } of conversations) {
      await db
        .deleteFrom(TABLES[kind])
        .where('workspace_id', '=', workspaceId)
        .where('conversation_id', '=', id)
        .where('conversation_updated_at', '<', updatedAt)
        .execute();
    }
  }
};
