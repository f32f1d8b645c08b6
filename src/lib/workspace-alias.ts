/** The alias of the workspace that the plain setting names describe (CONTRACT "Settings"). */
export const DEFAULT_ALIAS = 'default';

/** The order of aliases wherever they are listed: `default` first, then by their letters. */
export const compareAliases = (a: string, b: string): number => {
  if (a === b) return 0;
  if (a === DEFAULT_ALIAS) return -1;
  if (b === DEFAULT_ALIAS) return 1;
  return a < b ? -1 : 1;
};
