import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of the test's own, gone afterwards. */
export const createTempDir = async (): Promise<{ readonly path: string; remove(): Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'fast-intercom-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};
