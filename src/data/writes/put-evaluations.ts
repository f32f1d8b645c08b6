import type { MappedEvaluations } from '../../entities/conversation/table.ts';
import type { WriteDb } from '../db.ts';
import { packPayload, unpackText } from '../payload-codec.ts';
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
  const stored = await storedJson(
    db,
    workspaceId,
    kind,
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

interface StoredEvaluation {
  readonly json: string;
  readonly updatedAt: number;
}

/** What is stored of these conversations' lists, in Intercom's order. */
const storedJson = async (
  db: WriteDb,
  workspaceId: string,
  kind: Kind,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly StoredEvaluation[]>> => {
  const rows = await db
    .selectFrom(TABLES[kind])
    .select(['conversation_id', 'conversation_updated_at', 'payload'])
    .where('workspace_id', '=', workspaceId)
    .where('conversation_id', 'in', ids)
    .orderBy('conversation_id')
    .orderBy('position')
    .execute();
  const grouped = Map.groupBy(rows, (row) => row.conversation_id);
  const evaluationOf = (row: (typeof rows)[number]): StoredEvaluation => ({
    json: unpackText(row.payload),
    updatedAt: row.conversation_updated_at,
  });
  return new Map([...grouped].map(([id, list]) => [id, list.map(evaluationOf)]));
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
