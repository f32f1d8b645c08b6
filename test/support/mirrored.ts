import { join } from 'node:path';
import { runCli, startSandboxProcess } from './cli.ts';
import { createTestDatabase } from './postgres.ts';
import { createTempDir } from './temp-dir.ts';

/** A database that one `sync` filled; the simulated Intercom is gone. Serve it with `--no-sync`. */
export interface Mirror {
  readonly env: { readonly DATABASE_URL: string; readonly HOME: string };
  drop(): Promise<void>;
}

export type EngineName = 'sqlite' | 'postgres';
export const ENGINE_NAMES: readonly EngineName[] = ['sqlite', 'postgres'];

/** Mirrors a simulated workspace of `conversations` into a fresh database of one engine. @param flags of the sandbox */
export const createMirror = async (
  engine: EngineName,
  conversations: number,
  seed = 8,
  flags: readonly string[] = [],
): Promise<Mirror> => {
  const dir = await createTempDir();
  const database = engine === 'postgres' ? await createTestDatabase() : undefined;
  const env = { DATABASE_URL: database?.url ?? `sqlite:${join(dir.path, 'mirror.db')}`, HOME: dir.path };
  const sandbox = await startSandboxProcess([
    '--conversations',
    `${conversations}`,
    '--seed',
    `${seed}`,
    ...flags,
  ]);
  try {
    const result = await runCli(['sync'], { env: { ...env, ...sandbox.env } });
    if (result.code !== 0) throw new Error(`the sync failed: ${result.stderr}`);
  } finally {
    await sandbox.stop();
  }
  return {
    env,
    async drop() {
      await database?.drop();
      await dir.remove();
    },
  };
};
