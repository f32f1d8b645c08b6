import { isAppError } from '../errors/app-error.ts';
import type { Logger } from '../telemetry/logger.ts';

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

/** A large page that is slow twice is slow because of its size. */
const MAX_TIMEOUTS = 2;

/** How long a page of this size is waited for, as an option of its request. */
export const patienceFor = (perPage: number): { readonly maxTimeouts?: number } =>
  perPage > SMALLEST_PAGE ? { maxTimeouts: MAX_TIMEOUTS } : {};

/** A page that does not come in time is asked for again in smaller pieces: large objects make slow pages (TRAPS T22). */
export const askSized = async <Page>(
  size: PageSize,
  logger: Logger,
  ask: (perPage: number) => Promise<Page>,
): Promise<Page> => {
  for (;;) {
    const perPage = size.current;
    try {
      const page = await ask(perPage);
      size.worked(perPage);
      return page;
    } catch (error) {
      if (!isAppError(error, 'INTERCOM_TIMEOUT') || !size.tooSlow(perPage)) throw error;
      logger.info({ per_page: size.current }, 'pages come too slowly; asking for smaller ones');
    }
  }
};
