import type { ReadContext } from '../context.ts';
import { unpackText } from '../payload-codec.ts';

/** What a QA monitor or scorecard found. */
export interface StoredEvaluation {
  /** Intercom's JSON of it. */
  readonly json: string;
  /** updated_at of the conversation when its listing showed this, Unix seconds. */
  readonly updatedAt: number;
}

/** What is stored of these conversations' lists, in Intercom's order. */
export const evaluationsOf = async (
  { db }: Pick<ReadContext, 'db'>,
  workspaceId: string,
  table: 'conversation_monitor_evaluations' | 'conversation_scorecards',
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly StoredEvaluation[]>> => {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom(table)
    .select(['conversation_id', 'conversation_updated_at', 'payload'])
    .where('workspace_id', '=', workspaceId)
    .where('conversation_id', 'in', ids)
    .orderBy('conversation_id')
    .orderBy('position')
    .execute();
  const evaluationOf = (row: (typeof rows)[number]): StoredEvaluation => ({
    json: unpackText(row.payload),
    updatedAt: row.conversation_updated_at,
  });
  const grouped = Map.groupBy(rows, (row) => row.conversation_id);
  return new Map([...grouped].map(([id, list]) => [id, list.map(evaluationOf)]));
};
