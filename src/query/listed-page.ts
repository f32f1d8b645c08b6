import type { SearchRow } from '../data/reads/search-conversations.ts';
import type { SearchNode } from '../data/search-filter.ts';
import type { Clause } from '../data/search-index/types.ts';
import type { QueryDeps } from './deps.ts';
import { findList } from './hit-lists.ts';
import type { readOptions } from './read-options.ts';
import type { Conditions } from './search-conditions.ts';
import type { ListCursor } from './search-cursor.ts';

/** A page of the list that page one fixed. */
export interface ListedPage {
  readonly rows: readonly SearchRow[];
  /** By row: its place in the list. */
  readonly places: readonly number[];
  readonly hasMore: boolean;
}

const clausesOf = (node: SearchNode): readonly Clause[] => {
  if (node.kind === 'clause') return [node.clause];
  return node.kind === 'and' || node.kind === 'or' ? node.nodes.flatMap(clausesOf) : [];
};

/**
 * The next rows of a list: as page one found them, whatever was written since. What was deleted since is left out.
 * @throws AppError CURSOR_INVALID, STORE_*
 */
export const listedPage = async (
  deps: QueryDeps,
  question: {
    readonly workspaceId: string;
    readonly cursor: ListCursor;
    readonly limit: number;
    readonly conditions: Conditions;
  },
  options: ReturnType<typeof readOptions>,
): Promise<ListedPage> => {
  const { conditions, cursor, limit, workspaceId } = question;
  const { fixed, loose, roles } = conditions;
  const { docIds, scores } = await findList(deps, workspaceId, cursor.list, options);
  const found = await deps.reader.read(
    'listedConversations',
    {
      workspaceId,
      docIds: docIds.slice(cursor.from),
      limit,
      clauses: [...loose, ...fixed.flatMap(clausesOf)],
      ...(roles === undefined ? {} : { roles }),
    },
    options,
  );
  const places = found.rows.map(({ place }) => cursor.from + place);
  const rows = found.rows.map(({ place: _place, ...detail }, index): SearchRow => {
    const place = places[index] ?? 0;
    return {
      ...detail,
      position: {
        score: scores[place] ?? null,
        createdAt: detail.createdAt,
        key: 0,
        docId: docIds[place] ?? 0,
      },
      // Those with all of the words stand first.
      partial: cursor.loosened.some && place >= cursor.strictTotal,
    };
  });
  return { rows, places, hasMore: found.hasMore };
};
