const REFUSALS: Readonly<Record<string, string>> = {
  no_permission: 'no permission',
  plan: 'not in the plan',
  version: 'not in this version of the API',
};

/** Why an entity may not be read, in words; undefined where it may, or nobody knows yet. */
export const refusalText = (access: string): string | undefined => REFUSALS[access];
