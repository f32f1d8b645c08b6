/** Whether a version of the API (`2.16`, `Preview`) is this one or a later one; words are the newest (API-FACTS 1.4). */
export const isAtLeast = (version: string, major: number, minor: number): boolean => {
  const found = /^(\d+)\.(\d+)$/.exec(version);
  if (found === null) return true;
  const [ofMajor, ofMinor] = [Number(found[1]), Number(found[2])];
  return ofMajor > major || (ofMajor === major && ofMinor >= minor);
};
