/** The same value without nulls and empty lists: what is absent costs no tokens. */
export const compact = <T extends Record<string, unknown>>(value: T): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([, inner]) => inner !== null && inner !== undefined && !(Array.isArray(inner) && inner.length === 0),
    ),
  );
