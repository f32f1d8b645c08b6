import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder with large or foreign test material that is not part of this repository: FAST_INTERCOM_SHARED, else
 * `shared` beside the repository. Undefined where there is none.
 */
export const sharedDir = (): string | undefined => {
  const named = process.env.FAST_INTERCOM_SHARED;
  const folder = named !== undefined && named !== '' ? named : join(import.meta.dirname, '../../../shared');
  return existsSync(folder) ? folder : undefined;
};
