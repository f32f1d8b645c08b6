/**
 * Where the worker's code is: beside this file when run from the source, beside the program's chunks when built. Neither
 * compiler nor bundler rewrites URLs, so this is the one place that follows the ending of the file it stands in.
 */
export const SQLITE_WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js',
  import.meta.url,
);
