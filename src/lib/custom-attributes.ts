import { parseLossless } from './json/lossless.ts';
import { asArray, asId, asObject, type Json } from './read-json.ts';

/**
 * `date`: a string that is an ISO 8601 time, its number the Unix seconds. `reference`: an object with an id, its text
 * the id. `json`: any other object.
 */
export type AttributeKind = 'string' | 'number' | 'boolean' | 'date' | 'reference' | 'json';

/** One value of a custom attribute; of a list, one element. */
export interface AttributeValue {
  readonly name: string;
  /** Place in a list; 0 otherwise. */
  readonly position: number;
  readonly kind: AttributeKind;
  readonly text: string;
  /** For comparing; null where there is no number in it. */
  readonly number: number | null;
}

/** Longer texts are cut: an index holds no more, and nobody asks for an attribute by a whole essay. */
const MAX_TEXT = 500;
const MAX_NAME = 250;
/** Elements of one list that can be asked for. */
const MAX_ELEMENTS = 200;

const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

const cut = (text: string, length: number): string =>
  text.replaceAll('\0', '').slice(0, length).toWellFormed();

const isoSeconds = (text: string): number | null => {
  if (!ISO_TIME.test(text)) return null;
  const ms = Date.parse(text.length === 10 || /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000);
};

type Typed = Pick<AttributeValue, 'kind' | 'text' | 'number'>;

const typed = (value: unknown): Typed | undefined => {
  if (value === null || value === undefined) return undefined;
  if (JSON.isRawJSON(value)) {
    const number = Number(value.rawJSON);
    return { kind: 'number', text: value.rawJSON, number: Number.isFinite(number) ? number : null };
  }
  if (typeof value === 'number') return { kind: 'number', text: String(value), number: value };
  if (typeof value === 'boolean') return { kind: 'boolean', text: String(value), number: value ? 1 : 0 };
  if (typeof value === 'string') {
    const seconds = isoSeconds(value);
    return { kind: seconds === null ? 'string' : 'date', text: value, number: seconds };
  }
  const id = asId(asObject(value).id);
  return id === null
    ? { kind: 'json', text: JSON.stringify(value), number: null }
    : { kind: 'reference', text: id, number: null };
};

/** Lists come as arrays, or as `{type: "list", data: […]}` where they refer to objects (API-FACTS 6.3). */
const elementsOf = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  const { data } = asObject(value);
  return Array.isArray(data) ? data : [value];
};

const holdsUnsafeNumber = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isInteger(value) && !Number.isSafeInteger(value)
    : typeof value === 'object' && value !== null && Object.values(value).some(holdsUnsafeNumber);

/**
 * The custom attributes of an object as typed values; what is null has none.
 * @param payload the object's JSON: numbers beyond 2^53 are read from it as they were written (API-FACTS 6.15)
 * @param key where they stand in it: `custom_attributes`, of tickets `ticket_attributes`
 */
export const attributeValues = (object: Json, payload: string, key: string): AttributeValue[] => {
  const given = asObject(object[key]);
  const attributes = holdsUnsafeNumber(given) ? asObject(asObject(parseLossless(payload))[key]) : given;
  const byName = new Map<string, AttributeValue[]>();
  for (const [word, value] of Object.entries(attributes)) {
    const name = cut(word, MAX_NAME);
    const values = asArray(elementsOf(value))
      .slice(0, MAX_ELEMENTS)
      .flatMap((element, position): AttributeValue[] => {
        const found = typed(element);
        return found === undefined ? [] : [{ name, position, ...found, text: cut(found.text, MAX_TEXT) }];
      });
    byName.set(name, values);
  }
  return [...byName.values()].flat();
};
