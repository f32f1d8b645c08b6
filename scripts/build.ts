/**
 * The build: the types checked, src/ bundled into a folder beside dist/, then swapped in, so that dist/ is never half a build.
 * Run by `npm run build`, by `prepare` (so `npm ci` builds) and by the test command.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

const SHEBANG = '#!/usr/bin/env node\n';

/** The command that `bin` names: needs its first line and the right to be run. */
const makeRunnable = (file: string): void => {
  const text = readFileSync(file, 'utf8');
  if (!text.startsWith('#!')) writeFileSync(file, SHEBANG + text);
  chmodSync(file, 0o755);
};

/**
 * Builds `root`/src into `root`/dist. On an error the old dist/ stays as it was.
 * @returns true when the build is in place; the messages of compiler and bundler go to this process's stderr.
 */
export const build = async (root: string): Promise<boolean> => {
  const fresh = mkdtempSync(join(root, 'dist.'));
  try {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const types = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    });
    if (types.status !== 0) return false;
    await bundle(root, fresh);
    makeRunnable(join(fresh, 'main.js'));
    // mkdtemp makes a folder for its owner only; an installed package must be readable by everybody.
    chmodSync(fresh, 0o755);
    const dist = join(root, 'dist');
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
    return true;
  } catch (error) {
    process.stderr.write(`build: ${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
};

if (import.meta.main) process.exitCode = (await build(join(import.meta.dirname, '..'))) ? 0 : 1;
