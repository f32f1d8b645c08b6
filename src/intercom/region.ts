/** Where a workspace's data lives. */
export type Region = 'us' | 'eu' | 'au';

/** Base URL of the API in each region (API-FACTS 1.1). */
export const HOSTS: Readonly<Record<Region, string>> = {
  us: 'https://api.intercom.io',
  eu: 'https://api.eu.intercom.io',
  au: 'https://api.au.intercom.io',
};

/** Base URL of the Intercom API for a region, without a trailing slash (API-FACTS 1.1). */
export const hostOf = (region: Region): string => HOSTS[region];

/**
 * The region named by `app.region` of `GET /me`, or undefined where the word is not known.
 * Intercom writes it in upper or lower case (`US`); names such as `eu-west-1` count by their first two letters.
 */
export const regionFrom = (value: unknown): Region | undefined => {
  if (typeof value !== 'string') return undefined;
  const word = /^(us|eu|au)(?![a-z])/i.exec(value.trim())?.[1]?.toLowerCase();
  return word === 'us' || word === 'eu' || word === 'au' ? word : undefined;
};
