import type { AnswerPagination } from '../../query/types.ts';

interface Page {
  readonly pagination: AnswerPagination;
  cursorAfter(index: number): string;
}

/** Where the next page begins: right behind the last row shown, whether the page or the budget ended there. */
export const pageCursor = (
  page: Page,
  rows: number,
  shown: number,
): { readonly hasMore: boolean; readonly cursor: string | null } => {
  if (shown >= rows) return { hasMore: page.pagination.has_more, cursor: page.pagination.next_cursor };
  return { hasMore: true, cursor: shown > 0 ? page.cursorAfter(shown - 1) : null };
};
