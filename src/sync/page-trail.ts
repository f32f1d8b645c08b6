import { AppError } from '../errors/app-error.ts';
import { nextCursor } from '../intercom/pagination.ts';
import { asInteger, asObject } from '../lib/read-json.ts';

/**
 * Follows a list of either style: by cursor, or by page number. Where the next page is given as an address only its
 * number is taken: the token goes nowhere else (API-FACTS 3, 15).
 */
export class PageTrail {
  #query: Readonly<Record<string, string | number>> = {};
  #page = 1;
  #ended = false;
  #shown: ReadonlySet<string> = new Set();

  /** What to ask for the present page with. */
  get query(): Readonly<Record<string, string | number>> {
    return this.#query;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Goes on to the next page. `ids`: what the present one showed.
   * @throws AppError SYNC_CURSOR_REPEATED when the answer points back, or shows the same objects again (TRAPS T06),
   * INTERCOM_BAD_BODY when it says that there is more but not where
   */
  follow(pages: unknown, ids: readonly string[]): void {
    const isRepeated = ids.length > 0 && ids.every((id) => this.#shown.has(id));
    if (isRepeated) throw new AppError('SYNC_CURSOR_REPEATED');
    this.#shown = new Set(ids);
    const next = nextCursor(pages);
    if (next?.kind === 'cursor') {
      if (this.#query.starting_after === next.startingAfter) throw new AppError('SYNC_CURSOR_REPEATED');
      this.#query = { starting_after: next.startingAfter };
      return;
    }
    const page = next?.page ?? this.#pageBehind(pages, ids.length);
    if (page === undefined) {
      this.#ended = true;
      return;
    }
    if (page <= this.#page) throw new AppError('SYNC_CURSOR_REPEATED');
    this.#page = page;
    this.#query = { page };
  }

  /** Without a word of the next page the number of pages still tells that there is one. */
  #pageBehind(pages: unknown, shown: number): number | undefined {
    const { next, page, total_pages: total } = asObject(pages);
    if (next === null || shown === 0 || this.#query.starting_after !== undefined) return undefined;
    return (asInteger(total) ?? 0) > this.#page && asInteger(page) === this.#page
      ? this.#page + 1
      : undefined;
  }
}
