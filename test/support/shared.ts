import { describe, test } from 'vitest';
import { sharedDir } from './shared-dir.ts';
import { NEEDS_SHARED_MARK, SHARED_MARK } from './skip-marks.ts';

export { sharedDir };

/**
 * A suite that needs the shared folder, which it is given. Where the folder is absent, one skipped test of that name
 * stands in its place; this is the only reason to skip that `.ci/run` accepts.
 */
export const describeWithShared = (name: string, suite: (shared: string) => void): void => {
  const folder = sharedDir();
  if (folder === undefined) test.skip(`${name} ${NEEDS_SHARED_MARK}`, () => undefined);
  else describe(`${name} ${SHARED_MARK}`, () => suite(folder));
};
