/** Commands that sync, for a moment or for months. */
const SYNCING = new Set(['sync', 'serve']);
const ARENAS = 'MALLOC_ARENA_MAX';

/**
 * Starts the program anew in the same process (`execve`), with glibc told to keep two heaps for its allocations in place of
 * one or more for each thread: 25 MB less in a sync (docs/adr/0010). Only the environment of a starting process can say
 * that. Returns where it is said already, where the command does not sync, and where the system has no such call.
 */
export const boundMemory = (command: string | undefined): void => {
  if (process.platform !== 'linux' || !SYNCING.has(command ?? '')) return;
  if (process.env[ARENAS] !== undefined || process.execve === undefined) return;
  const args = [process.argv0, ...process.execArgv, ...process.argv.slice(1)];
  try {
    process.execve(process.execPath, args, { ...process.env, [ARENAS]: '2' });
  } catch {
    // Without it the program works the same.
  }
};
