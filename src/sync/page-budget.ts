import type { RunContext } from './run-context.ts';

/** Part of the rate limit that looking once more may use. */
const SHARE = 0.05;
/** Calls a minute, until the first answer tells the limit. */
const CAUTIOUS_LIMIT = 1_000;
const WINDOWS_A_MINUTE = 6;

/** Pages that one poll of the background may spend on looking at what is here already. */
export class PageBudget {
  #left: number;

  constructor(pages: number) {
    this.#left = pages;
  }

  /** Takes a page. @returns false when none is left */
  take(): boolean {
    this.#left -= 1;
    return this.#left >= 0;
  }
}

/** At most 5 % of the limit over the time until the next poll, and one page at least. */
export const pageBudgetOf = ({ client }: RunContext, pollMs: number): PageBudget => {
  const { limitPerWindow } = client.rate();
  const perMinute = limitPerWindow === undefined ? CAUTIOUS_LIMIT : limitPerWindow * WINDOWS_A_MINUTE;
  return new PageBudget(Math.max(1, Math.floor((SHARE * perMinute * pollMs) / 60_000)));
};
