/** Objects a page below which nothing gets quicker. */
export const SMALLEST_PAGE = 10;
/** Pages in a row that come in time before larger ones are tried again. */
const GOOD_PAGES = 8;

/** Objects a page of a scan: halved when pages come too slowly, doubled again when they come well (TRAPS T22). */
export class PageSize {
  readonly #largest: number;
  #current: number;
  #good = 0;

  constructor(largest: number) {
    this.#largest = largest;
    this.#current = largest;
  }

  get current(): number {
    return this.#current;
  }

  /** A page of this size came. */
  worked(size: number): void {
    if (size < this.#current || this.#current === this.#largest) return;
    this.#good += 1;
    if (this.#good < GOOD_PAGES) return;
    this.#good = 0;
    this.#current = Math.min(this.#largest, this.#current * 2);
  }

  /** A page of this size did not come in time. @returns false when there is no smaller one to try */
  tooSlow(size: number): boolean {
    this.#good = 0;
    if (size <= SMALLEST_PAGE) return false;
    this.#current = Math.min(this.#current, Math.max(SMALLEST_PAGE, Math.floor(size / 2)));
    return true;
  }
}
