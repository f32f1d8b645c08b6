import type { AuthorRole } from '../../lib/author-role.ts';
import { Analysis, type AnalysisQuestion, readFacts } from '../analytics/analysis.ts';
import type { MetricValue } from '../analytics/cell.ts';
import type { Dimension } from '../analytics/dimensions.ts';
import { type GroupName, nameGroups } from '../analytics/group-names.ts';
import type { MetricName } from '../analytics/metrics.ts';
import { orderRows } from '../analytics/order-rows.ts';
import type { ReadContext } from '../context.ts';
import type { SearchNode } from '../search-filter.ts';
import { matchIndex } from '../search-index/ask-index.ts';
import { roleBit } from '../search-index/posting-bytes.ts';
import type { Clause } from '../search-index/types.ts';
import { toIndexNode } from './resolve-filters.ts';

export type { Dimension, GroupName, MetricName, MetricValue };

export interface AnalyzeArgs extends AnalysisQuestion {
  /** Which conversations, but for the time frame. */
  readonly where: SearchNode;
  /** Words and phrases that must all occur. */
  readonly loose: readonly Clause[];
  readonly roles?: readonly AuthorRole[];
  readonly limit: number;
  readonly offset: number;
}

export interface AnalyzedRow {
  /** The group's value in each dimension. */
  readonly keys: readonly GroupName[];
  /** In the order of the metrics asked for. */
  readonly values: readonly MetricValue[];
}

export interface AnalyzeResult {
  /** Over all groups; each conversation once. */
  readonly total: readonly MetricValue[];
  /** Groups there are. */
  readonly groups: number;
  readonly rows: readonly AnalyzedRow[];
}

/**
 * Counts conversations: any metrics, over a condition and a time frame, by up to two dimensions. All arithmetic is done
 * here, so that both engines give the same numbers.
 * @throws AppError ARGUMENT_INVALID where there are too many groups
 */
export const analyzeConversations = async (
  context: ReadContext,
  args: AnalyzeArgs,
): Promise<AnalyzeResult> => {
  const { loose, roles, workspaceId } = args;
  const where = await toIndexNode(context, workspaceId, args.where);
  const bits = roles?.reduce((sum, role) => sum | roleBit(role), 0);
  const found = await matchIndex(context, {
    workspaceId,
    where,
    loose,
    ...(bits === undefined ? {} : { roles: bits }),
  });
  const facts = await readFacts(context, args, found);
  const analysis = new Analysis(context, args, found, facts);
  await analysis.run();
  const rows = orderRows([...analysis.tally.rows(analysis.groups)], args);
  const page = rows.slice(args.offset, args.offset + args.limit);
  return {
    total: analysis.tally.total.map((cell) => cell.value()),
    groups: rows.length,
    rows: await nameGroups(context, workspaceId, args.dimensions, page),
  };
};
