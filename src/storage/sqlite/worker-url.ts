/**
 * Where the worker's code is. The compiler does not rewrite URLs, so this is the one place that follows the ending of
 * the file it stands in: `.ts` when run from the source, `.js` when built.
 */
export const SQLITE_WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js',
  import.meta.url,
);
