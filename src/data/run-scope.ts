/** What a run is to do; null means all entities. */
export interface RunScope {
  readonly only: readonly string[] | null;
  /** List everything again. */
  readonly full: boolean;
  /** Compare what is stored with Intercom, and mend it. */
  readonly verify?: boolean;
}

/** The run did all that was asked for. */
export const covers = (done: RunScope, asked: RunScope): boolean =>
  (done.full || !asked.full) &&
  (done.verify === true || asked.verify !== true) &&
  (done.only === null || (asked.only !== null && asked.only.every((name) => done.only?.includes(name))));
