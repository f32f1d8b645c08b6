interface RawJson {
  readonly rawJSON: (text: string) => unknown;
}

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Numbers that JavaScript cannot hold: `{"$raw": "9007199254740993"}` anywhere in an argument is sent as that number, digit by
 * digit (API-FACTS 6.15).
 */
export const withRawNumbers = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withRawNumbers);
  if (typeof value !== 'object' || value === null) return value;
  const { $raw: raw } = value as { $raw?: unknown };
  if (typeof raw === 'string' && NUMBER.test(raw)) return (JSON as unknown as RawJson).rawJSON(raw);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withRawNumbers(item)]));
};
