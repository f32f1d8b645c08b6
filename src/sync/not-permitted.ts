/** Codes of what is not this token's to have: it is named, and no reason to fail (CONTRACT "Exit codes"). */
export const NOT_PERMITTED: ReadonlySet<string> = new Set([
  'INTERCOM_FORBIDDEN',
  'INTERCOM_PLAN',
  'INTERCOM_VERSION',
]);
