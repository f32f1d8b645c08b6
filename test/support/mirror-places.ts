import { join } from 'node:path';
import { describe } from 'vitest';
import { createTestDatabase, describeWithPostgres } from './postgres.ts';
import { createTempDir } from './temp-dir.ts';

/** Where a mirror can lie: a `DATABASE_URL` and how to remove what it names. */
export interface MirrorPlace {
  readonly url: string;
  drop(): Promise<void>;
}

const inFile = async (): Promise<MirrorPlace> => {
  const dir = await createTempDir();
  return { url: `sqlite:${join(dir.path, 'mirror.db')}`, drop: () => dir.remove() };
};

/** Registers an end-to-end suite once per engine. */
export const describeOnBothEngines = (
  name: string,
  suite: (create: () => Promise<MirrorPlace>) => void,
): void => {
  describe(`${name} [sqlite]`, () => suite(inFile));
  describeWithPostgres(`${name} [postgres]`, () => suite(createTestDatabase));
};
