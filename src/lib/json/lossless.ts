/** Not in the library types yet: source access of `JSON.parse` (ECMAScript 2026) and raw JSON. */
type SourceReviver = (
  this: unknown,
  key: string,
  value: unknown,
  context: { readonly source?: string },
) => unknown;
const parse = JSON.parse as (text: string, reviver: SourceReviver) => unknown;

declare global {
  interface JSON {
    rawJSON(text: string): { readonly rawJSON: string };
    isRawJSON(value: unknown): value is { readonly rawJSON: string };
  }
}

/**
 * JSON → value, with numbers that a double cannot hold as written (beyond 2^53, `1.0`, `1e400`) kept as raw JSON, so
 * that `JSON.stringify` writes them as they came.
 */
export const parseLossless = (text: string): unknown =>
  parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? JSON.rawJSON(source)
      : value,
  );
