import { readFileSync } from 'node:fs';

/** The version in package.json, which lies two folders up in the source tree and in the built one. */
export const packageVersion = (): string => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
};
