/** Versions of the API in their order (API-FACTS 1.4); `Unstable` is the old name of `Preview`. */
const VERSIONS = ['2.11', '2.12', '2.13', '2.14', '2.15', '2.16', 'Preview'] as const;
export type Version = (typeof VERSIONS)[number] | 'Unstable';

const placeOf = (version: string): number =>
  (VERSIONS as readonly string[]).indexOf(version === 'Unstable' ? 'Preview' : version);

export const isVersion = (version: unknown): version is Version =>
  typeof version === 'string' && placeOf(version) >= 0;

/** Whether a version has what came with another. */
export const isAtLeast = (version: string, since: Version): boolean => placeOf(version) >= placeOf(since);
