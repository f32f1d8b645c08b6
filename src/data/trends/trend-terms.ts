import { NONE } from '../search-index/filter-fields.ts';
import { ATTRIBUTE_PREFIX, fieldPrefix } from '../search-index/types.ts';

/** What a trend may be of. */
export type TrendKind = 'word' | 'tag' | 'attribute' | 'team' | 'channel' | 'priority';

const FIELDS = ['tag', 'team', 'channel', 'priority'] as const;

const encoder = new TextEncoder();

/** Filter terms that are compared, by how they begin. What changes as a conversation grows old (state, rating, SLA) is not, nor the language, which is told from few words. */
const PREFIXES: readonly (readonly [prefix: Uint8Array, kind: TrendKind])[] = [
  ...FIELDS.map((field) => [encoder.encode(fieldPrefix(field)), field] as const),
  [encoder.encode(ATTRIBUTE_PREFIX), 'attribute'],
];

const HAS_NONE = encoder.encode(`=${NONE}`);
const COLON = 0x3a;
const NINE = 0x39;
/** UTF-8 bytes from here on are of a character beyond ASCII; those below the second go on with one. */
const BEYOND_ASCII = 0x80;
const LEADING = 0xc0;

/** Pieces of addresses. */
const ADDRESS: readonly Uint8Array[] = [
  'com',
  'http',
  'https',
  'www',
  'html',
  'gmail',
  'org',
  'net',
  'mailto',
].map((word) => encoder.encode(word));

const holdsAt = (bytes: Uint8Array, piece: Uint8Array, at: number): boolean => {
  if (at < 0 || at + piece.length > bytes.length) return false;
  for (let index = 0; index < piece.length; index += 1) if (bytes[at + index] !== piece[index]) return false;
  return true;
};

/** Two characters or more, of which one is no digit of ASCII. */
const isWord = (bytes: Uint8Array): boolean => {
  let characters = 0;
  let letters = 0;
  for (const byte of bytes) {
    if (byte < BEYOND_ASCII || byte >= LEADING) characters += 1;
    if (byte > NINE) letters += 1;
  }
  return characters > 1 && letters > 0;
};

const isAddress = (bytes: Uint8Array): boolean =>
  ADDRESS.some((word) => word.length === bytes.length && holdsAt(bytes, word, 0));

/**
 * The kind of a term of the index, in UTF-8; undefined for one that is not compared: numbers, single characters, pieces of
 * addresses, other filters, "has none".
 */
export const kindOf = (bytes: Uint8Array): TrendKind | undefined => {
  if (bytes[0] !== COLON) return isWord(bytes) && !isAddress(bytes) ? 'word' : undefined;
  if (holdsAt(bytes, HAS_NONE, bytes.length - HAS_NONE.length)) return undefined;
  return PREFIXES.find(([prefix]) => holdsAt(bytes, prefix, 0))?.[1];
};

/** `:attr.plan=pro` → `attr.plan`, `pro`; of a word there is no field. */
export const splitTerm = (term: string): { readonly field: string | null; readonly value: string } => {
  if (!term.startsWith(':')) return { field: null, value: term };
  const at = term.indexOf('=');
  return { field: term.slice(1, at), value: term.slice(at + 1) };
};
