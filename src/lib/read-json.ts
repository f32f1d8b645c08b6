/**
 * Tolerant readers for payload fields. Intercom adds and changes fields without a version bump (API-FACTS 10), so a
 * field of an unexpected type reads as null; it never throws and never hides the rest of the object.
 */
export type Json = Record<string, unknown>;

/** The value as an object, or an empty one. Arrays are not objects here. */
export const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

/** The value as an array, or an empty one. */
export const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * A string that both engines can hold and give back alike, else null: PostgreSQL has no NUL in text, and a lone
 * surrogate has no UTF-8. The payload keeps both (TRAPS T34).
 */
export const asText = (value: unknown): string | null =>
  typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : null;

/** A string with at least one character, else null. */
export const asFilledText = (value: unknown): string | null => asText(value) || null;

/** A finite number cut to an integer; a numeric string counts; else null. */
export const asInteger = (value: unknown): number | null => {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(Math.trunc(number)) ? Math.trunc(number) : null;
};

/** A finite number, else null. */
export const asNumber = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

const MAX_SECONDS = 100_000_000_000;

/**
 * A time as Unix seconds, else null. Intercom sends seconds; milliseconds, numeric strings and ISO 8601 have been seen
 * (API-FACTS 6.15).
 */
export const asTime = (value: unknown): number | null => {
  const number = asInteger(value);
  if (number !== null) return Math.abs(number) > MAX_SECONDS ? Math.trunc(number / 1000) : number;
  const ms = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000);
};

/** 1, 0 or null: both engines store booleans as integers, so that both run the same statements. */
export const asFlag = (value: unknown): 0 | 1 | null => (typeof value === 'boolean' ? (value ? 1 : 0) : null);

/** Ids come as strings or numbers (API-FACTS 6.15); the canonical form is text. 0, "0" and "" mean none. */
export const asId = (value: unknown): string | null => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value === 0 ? null : String(value);
  const text = asFilledText(value);
  return text === '0' ? null : text;
};

/** Shape guard of an answer that holds a list under this key: anything else is broken, never an empty list. */
export const holdsList =
  (key: string) =>
  (json: unknown): json is Json =>
    Array.isArray(asObject(json)[key]);
