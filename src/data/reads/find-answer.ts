import { sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { covers, type RunScope } from '../run-scope.ts';

export interface FindAnswerArgs {
  readonly workspaceId: string;
  readonly scope: RunScope;
  /** How long ago it was asked for, ms: what ended before that is no answer. */
  readonly askedMsAgo: number;
}

export interface RunAnswer {
  /** JSON of the result. */
  readonly result: string;
  /** How long ago the run ended, ms. */
  readonly endedMsAgo: number;
}

/** The latest run that did all that is asked for and has ended since, by the database's clock; null where there is none. */
export const findAnswer = async (
  { db, flavor }: Pick<ReadContext, 'db' | 'flavor'>,
  args: FindAnswerArgs,
): Promise<RunAnswer | null> => {
  const rows = await db
    .selectFrom('sync_runs')
    .select(['scope', 'result', sql<number>`${flavor.now()} - answered_at`.as('ended_ms_ago')])
    .where('workspace_id', '=', args.workspaceId)
    .where('answered_at', '>', sql<number>`${flavor.now()} - ${args.askedMsAgo}`)
    .orderBy('answered_at', 'desc')
    .orderBy('started_at', 'desc')
    .execute();
  const found = rows.find(({ scope }) => scope !== null && covers(JSON.parse(scope) as RunScope, args.scope));
  if (found === undefined || found.result === null) return null;
  return { result: found.result, endedMsAgo: Number(found.ended_ms_ago) };
};
