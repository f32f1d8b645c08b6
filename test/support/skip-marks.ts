/**
 * Words in a test's name that tell the test command why it was skipped, or what it needed.
 * `scripts/test-tally.ts` reads them; `.ci/run` fails on a skip without an allowed reason.
 */

/** Ran, and used the folder beside the repository. */
export const SHARED_MARK = '[shared]';
/** Skipped: no such folder. Allowed. */
export const NEEDS_SHARED_MARK = '[needs ../shared]';
/** Skipped: no PostgreSQL could be started. Never allowed in `.ci/run`. */
export const NEEDS_POSTGRES_MARK = '[needs PostgreSQL]';
