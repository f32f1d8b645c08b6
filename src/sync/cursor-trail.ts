import { AppError } from '../errors/app-error.ts';
import { nextCursor } from '../intercom/pagination.ts';

/** Pages in a row with nothing but what the page before had shown: no listing does that, however much moves in it. */
const MAX_REPEATS = 2;

/** Follows the cursors of one listing, page by page. */
export class CursorTrail {
  #cursor: string | null;
  #shown: ReadonlySet<string> = new Set();
  #repeats = 0;

  /** @param start the cursor of the first page; null for the beginning */
  constructor(start: string | null) {
    this.#cursor = start;
  }

  /** The cursor to ask with. */
  get cursor(): string | null {
    return this.#cursor;
  }

  /**
   * Goes on to the next page. `ids`: what the present one showed.
   * @returns its cursor, null at the end (TRAPS T08: a short or empty page is not the end)
   * @throws AppError SYNC_CURSOR_REPEATED when the answer points back to itself, or shows the same objects again and again
   * (TRAPS T06), INTERCOM_BAD_BODY when it says that there is more but not where
   */
  follow(pages: unknown, ids: readonly string[]): string | null {
    const isRepeated = ids.length > 0 && ids.every((id) => this.#shown.has(id));
    this.#repeats = isRepeated ? this.#repeats + 1 : 0;
    this.#shown = new Set(ids);
    const next = nextCursor(pages);
    if (next === undefined) return null;
    if (next.kind !== 'cursor')
      throw new AppError('INTERCOM_BAD_BODY', undefined, { details: { reason: 'pages.next' } });
    if (next.startingAfter === this.#cursor || this.#repeats >= MAX_REPEATS)
      throw new AppError('SYNC_CURSOR_REPEATED');
    this.#cursor = next.startingAfter;
    return this.#cursor;
  }
}
