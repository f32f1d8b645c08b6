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
  for (let index = at + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === BACKSLASH) index += 1;
    else if (code === QUOTE) return index + 1;
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

const elementsOf = (text: string, at: number): string[] => {
  const elements: string[] = [];
  let index = skipSpace(text, at + 1);
  if (text.charCodeAt(index) === CLOSE_BRACKET) return elements;
  for (;;) {
    const end = skipValue(text, index);
    elements.push(text.slice(index, end));
    index = skipSpace(text, end);
    const code = text.charCodeAt(index);
    if (code === CLOSE_BRACKET) return elements;
    if (code !== COMMA) return fail(text, index);
    index = skipSpace(text, index + 1);
  }
};

/** Where a property's value of the object that begins at `from` starts; of a key that stands twice the last one counts. */
const findProperty = (text: string, key: string, from: number): number => {
  let index = skipSpace(text, from);
  if (text.charCodeAt(index) !== OPEN_BRACE) return fail(text, index);
  let found = -1;
  index = skipSpace(text, index + 1);
  while (text.charCodeAt(index) === QUOTE) {
    const nameEnd = skipString(text, index);
    const name = JSON.parse(text.slice(index, nameEnd)) as string;
    index = skipSpace(text, nameEnd);
    if (text.charCodeAt(index) !== COLON) return fail(text, index);
    index = skipSpace(text, index + 1);
    if (name === key) found = index;
    index = skipSpace(text, skipValue(text, index));
    if (text.charCodeAt(index) !== COMMA) break;
    index = skipSpace(text, index + 1);
  }
  return found < 0 ? fail(text, index) : found;
};

/**
 * The exact source text of each element of a property, given by its path from the outermost object: numbers beyond 2^53
 * and escapes stay as they were written. The text must be JSON that `JSON.parse` takes; of a key that stands twice the
 * last one counts, as there.
 * @throws SyntaxError when there is no such property or it is no array
 */
export const sliceArray = (text: string, ...path: readonly [string, ...string[]]): string[] => {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (const key of path) at = findProperty(text, key, at);
  return text.charCodeAt(at) === OPEN_BRACKET ? elementsOf(text, at) : fail(text, at);
};
