import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version in package.json, the nearest one above this file: in the source tree and in the built one. */
export const packageVersion = (): string => {
  const file = findPackageJSON('.', import.meta.url);
  if (file === undefined) throw new Error('no package.json above the program');
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
  return version;
};
