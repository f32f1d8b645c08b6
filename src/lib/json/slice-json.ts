const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

const fail = (text: string, at: number): never => {
  throw new SyntaxError(`Unexpected JSON at position ${at} of ${text.length}.`);
};

const skipSpace = (text: string, at: number): number => {
  let index = at;
  while (index < text.length && text.charCodeAt(index) <= 0x20) index += 1;
  return index;
};

/** Index behind the string that begins at `at`. */
const skipString = (text: string, at: number): number => {
  for (let end = text.indexOf('"', at + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    // An even number of backslashes escape each other, not the quote.
    if ((end - first) % 2 === 0) return end + 1;
  }
  return fail(text, at);
};

/** Index behind the value that begins at `at`; nesting is counted, not recursed into. */
const skipValue = (text: string, at: number): number => {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return skipString(text, at);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    let index = at;
    while (index < text.length && !/[\s,\]}]/.test(text[index] ?? '')) index += 1;
    return index === at ? fail(text, at) : index;
  }
  let depth = 0;
  for (let index = at; index < text.length; ) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = skipString(text, index);
      continue;
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
    index += 1;
  }
  return fail(text, at);
};

/** Adds the texts of the elements of the array that begins at `at`. @returns index behind it */
const collectElements = (text: string, at: number, elements: string[]): number => {
  let index = skipSpace(text, at + 1);
  if (text.charCodeAt(index) === CLOSE_BRACKET) return index + 1;
  for (;;) {
    const end = skipValue(text, index);
    elements.push(text.slice(index, end));
    index = skipSpace(text, end);
    const code = text.charCodeAt(index);
    if (code === CLOSE_BRACKET) return index + 1;
    if (code !== COMMA) return fail(text, index);
    index = skipSpace(text, index + 1);
  }
};

/** @throws SyntaxError when no array begins at `at` */
const elementsAt = (text: string, at: number): string[] => {
  if (text.charCodeAt(at) !== OPEN_BRACKET) return fail(text, at);
  const elements: string[] = [];
  collectElements(text, at, elements);
  return elements;
};

/** A property of an object: its name, where it starts, where its value does, and the index behind that. */
type Visit = (name: string, start: number, value: number, end: number) => void;

/** Index behind the value of a property that begins at `at`. */
type Skip = (text: string, at: number, name: string) => number;

/** Visits the properties of the object that begins at `from`. @returns index behind the last one */
const visitProperties = (text: string, from: number, visit: Visit, skip: Skip = skipValue): number => {
  let index = skipSpace(text, from);
  if (text.charCodeAt(index) !== OPEN_BRACE) return fail(text, index);
  index = skipSpace(text, index + 1);
  while (text.charCodeAt(index) === QUOTE) {
    const start = index;
    const nameEnd = skipString(text, start);
    const raw = text.slice(start + 1, nameEnd - 1);
    index = skipSpace(text, nameEnd);
    if (text.charCodeAt(index) !== COLON) return fail(text, index);
    const value = skipSpace(text, index + 1);
    const name = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
    const end = skip(text, value, name);
    visit(name, start, value, end);
    index = skipSpace(text, end);
    if (text.charCodeAt(index) !== COMMA) break;
    index = skipSpace(text, index + 1);
  }
  return index;
};

/** Where a property's value of the object that begins at `from` starts; of a key that stands twice the last one counts. */
const findProperty = (text: string, key: string, from: number): number => {
  let found = -1;
  const end = visitProperties(text, from, (name, _start, value) => {
    if (name === key) found = value;
  });
  return found < 0 ? fail(text, end) : found;
};

const startOf = (text: string): number => (text.charCodeAt(0) === 0xfeff ? 1 : 0);

/**
 * The exact source text of each element of a property, given by its path from the outermost object: numbers beyond 2^53
 * and escapes stay as they were written. The text must be JSON that `JSON.parse` takes; of a key that stands twice the
 * last one counts, as there.
 * @throws SyntaxError when there is no such property or it is no array
 */
export const sliceArray = (text: string, ...path: readonly [string, ...string[]]): string[] => {
  let at = startOf(text);
  for (const key of path) at = findProperty(text, key, at);
  return elementsAt(text, at);
};

/** The same of a text that is an array. */
export const sliceElements = (text: string): string[] => elementsAt(text, skipSpace(text, startOf(text)));

interface PropertySpan {
  readonly name: string;
  readonly start: number;
  readonly value: number;
  readonly end: number;
  readonly cut: boolean;
}

/** The properties of an object in their order; those of these names are to be cut. */
const spansOf = (text: string, names: readonly string[], skip?: Skip): PropertySpan[] => {
  const spans: PropertySpan[] = [];
  visitProperties(
    text,
    startOf(text),
    (name, start, value, end) => spans.push({ name, start, value, end, cut: names.includes(name) }),
    skip,
  );
  return spans;
};

/** The text of an object without the spans that are cut; all others stay character for character. */
const withoutSpans = (text: string, spans: readonly PropertySpan[]): string => {
  if (!spans.some(({ cut }) => cut)) return text;
  let rest = text.slice(0, spans[0]?.start);
  let keptAny = false;
  for (const [index, { start, end, cut }] of spans.entries()) {
    if (cut) continue;
    // A comma belongs to the property behind it; the first one that stays has none.
    rest += text.slice(keptAny ? spans[index - 1]?.end : start, end);
    keptAny = true;
  }
  return rest + text.slice(spans.at(-1)?.end);
};

/** An object of which some properties were taken out. */
export interface SplitObject {
  /** Its JSON as it would be without them; all others stay character for character. */
  readonly rest: string;
  /** The exact source text of each that was there; of a key that stands twice the last one. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Takes properties out of the JSON of an object. The text must be JSON that `JSON.parse` takes.
 * @throws SyntaxError when it is no object
 */
export const splitProperties = (text: string, names: readonly string[]): SplitObject => {
  const spans = spansOf(text, names);
  const cut = spans.filter((span) => span.cut);
  const values = new Map(cut.map(({ name, value, end }) => [name, text.slice(value, end)]));
  return { rest: withoutSpans(text, spans), values };
};

/** An object of which one array was taken out. */
export interface SplitPage {
  /** Its JSON without the array. */
  readonly rest: string;
  /** The exact source text of each element. */
  readonly elements: readonly string[];
}

/**
 * Takes an array out of the JSON of an object, without making anything of what it holds. The text need not be JSON: it is
 * when `rest` and each element are. Of a key that stands twice the last one counts.
 * @returns undefined when there is no such property, or it is no array
 * @throws SyntaxError when it is no object, or ends too early
 */
export const splitArray = (text: string, key: string): SplitPage | undefined => {
  let elements: string[] | undefined;
  const collect: Skip = (whole, at, name) => {
    if (name !== key) return skipValue(whole, at);
    elements = undefined;
    if (whole.charCodeAt(at) !== OPEN_BRACKET) return skipValue(whole, at);
    elements = [];
    return collectElements(whole, at, elements);
  };
  const spans = spansOf(text, [key], collect);
  return elements === undefined ? undefined : { rest: withoutSpans(text, spans), elements };
};
