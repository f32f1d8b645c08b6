import type { Comparison } from '../data/writes/compare-window.ts';
import type { Span } from './plan-windows.ts';
import type { SearchItem } from './search-page.ts';

/**
 * Follows the pages of one window by created_at, and says of each what span it has shown completely: only there absence
 * means something. It means nothing once the answers leave their order (API-FACTS 4.7, TRAPS T05), before the page at
 * which an interrupted listing went on, and for what is so new that the search may not show it yet (API-FACTS 4.6).
 */
export class WindowComparison {
  readonly #window: Span;
  readonly #newest: number;
  #isFirst: boolean;
  /** First second that is not yet shown completely; undefined before it is known, or when it never will be. */
  #from: number | undefined;
  #ordered = true;
  #last = Number.NEGATIVE_INFINITY;
  /** Ids of the second that the page before ended with. */
  #atFrom: string[] = [];

  /**
   * @param isFirst the window is listed from its beginning
   * @param newest what is younger may be missing in a search, Unix seconds
   */
  constructor(window: Span, isFirst: boolean, newest: number) {
    this.#window = window;
    this.#newest = newest;
    this.#isFirst = isFirst;
    this.#from = isFirst ? window.lower : undefined;
  }

  add(items: readonly SearchItem[], isLast: boolean): Comparison {
    const comparison = {
      windowStart: this.#window.lower,
      windowEnd: this.#window.upper,
      isFirst: this.#isFirst,
    };
    this.#isFirst = false;
    const covered = this.#cover(items, isLast);
    return covered === undefined ? comparison : { ...comparison, covered };
  }

  #cover(items: readonly SearchItem[], isLast: boolean): Comparison['covered'] {
    for (const { times } of items) {
      const time = times.created_at;
      if (time === null || time < this.#last) this.#ordered = false;
      else this.#last = time;
    }
    if (!this.#ordered) return undefined;
    const from = this.#from;
    const alsoListed = this.#atFrom;
    const end = isLast ? this.#window.upper : this.#last - 1;
    const ofLast = items
      .filter(({ times }) => times.created_at === this.#last)
      .map(({ columns }) => columns.id);
    if (items.length > 0) {
      this.#atFrom = from === this.#last ? [...alsoListed, ...ofLast] : ofLast;
      // After an interruption the second that the page begins with may have been shown in part before.
      const first = items[0]?.times.created_at ?? this.#last;
      this.#from = from === undefined && first === this.#last ? undefined : this.#last;
    }
    if (from === undefined) return undefined;
    return { lower: from, upper: Math.min(end, this.#newest), alsoListed };
  }
}
