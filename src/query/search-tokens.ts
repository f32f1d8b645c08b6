/** What a query is made of, in the order written. `minus`: what it names must not be there. */
export type QueryToken =
  | { readonly kind: 'word' | 'phrase'; readonly text: string; readonly minus: boolean }
  /** `name:value`; several values with commas, one of them is enough. */
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly values: readonly string[];
      readonly minus: boolean;
    }
  | { readonly kind: 'open'; readonly minus: boolean }
  | { readonly kind: 'or' | 'not' | 'close' };

const FIELD = /^(-?)([a-z_]+|attr\.(?:"[^"]*"|[^\s:"]+)):/i;
const QUOTED = /^"([^"]*)"/;
/** Up to a space or a quotation mark: `say"hello"` is two pieces. */
const BARE = /^[^\s"]+/;
const MINUS = /^-(?=["(\p{L}\p{N}])/u;

/** Typographic quotation marks delimit phrases, too, unless straight ones do: then they are part of the text. */
const straightQuotes = (query: string): string =>
  query.includes('"') ? query : query.replaceAll(/[“”„«»]/g, '"');

/** `a,b` and `"a, b",c`; what is quoted holds no separator. In a group a parenthesis ends the value. */
const readValues = (
  text: string,
  grouping: boolean,
): { readonly values: string[]; readonly length: number } => {
  const values: string[] = [];
  let at = 0;
  for (;;) {
    const quoted = QUOTED.exec(text.slice(at));
    const bare = quoted ?? (grouping ? /^[^\s",)]*/ : /^[^\s",]*/).exec(text.slice(at));
    values.push((quoted?.[1] ?? bare?.[0] ?? '').trim());
    at += bare?.[0].length ?? 0;
    if (text[at] !== ',' || /^[\s,]?$/.test(text.slice(at + 1, at + 2))) return { values, length: at };
    at += 1;
  }
};

/** Parentheses group where the query has an operator; elsewhere they are punctuation, as in `error (404)`. */
const hasOperator = (query: string): boolean =>
  /(?:^|[\s(])(?:OR|NOT)(?=[\s(])|(?:^|\s)-\(/.test(query.replaceAll(/"[^"]*"/g, ' '));

/**
 * Cuts a query into its pieces. Operators are `OR`, `NOT` and `AND` in upper case, `-` before a piece, and parentheses; fields
 * are the names for which `isField` says so, everything else with a colon is text (an address, a time, an error).
 */
export const tokensOf = (query: string, isField: (name: string) => boolean): QueryToken[] => {
  const text = straightQuotes(query.normalize('NFC'));
  const grouping = hasOperator(text);
  const tokens: QueryToken[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const space = /^\s+/.exec(rest);
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    at += readToken(rest, grouping, isField, tokens);
  }
  return tokens;
};

/** Reads what stands at the beginning. @returns its length */
const readToken = (
  rest: string,
  grouping: boolean,
  isField: (name: string) => boolean,
  tokens: QueryToken[],
): number => {
  const minus = MINUS.test(rest);
  const body = minus ? rest.slice(1) : rest;
  const skipped = minus ? 1 : 0;
  if (grouping && body.startsWith('(')) {
    tokens.push({ kind: 'open', minus });
    return skipped + 1;
  }
  if (grouping && rest.startsWith(')')) {
    tokens.push({ kind: 'close' });
    return 1;
  }
  const field = FIELD.exec(body);
  const name = field?.[2]?.replaceAll('"', '').toLowerCase();
  if (field !== null && name !== undefined && isField(name)) {
    const start = field[0].length;
    const { length, values } = readValues(body.slice(start), grouping);
    tokens.push({ kind: 'field', name, values, minus });
    return skipped + start + length;
  }
  const quoted = QUOTED.exec(body);
  if (quoted !== null) {
    tokens.push({ kind: 'phrase', text: quoted[1] ?? '', minus });
    return skipped + quoted[0].length;
  }
  // A quotation mark without its pair is punctuation.
  if (body.startsWith('"')) return skipped + 1;
  const bare = BARE.exec(body)?.[0] ?? '';
  const closers = grouping ? (/\)+$/.exec(bare)?.[0].length ?? 0) : 0;
  const word = bare.slice(0, bare.length - closers);
  if (word === 'OR') tokens.push({ kind: 'or' });
  else if (word === 'NOT') tokens.push({ kind: 'not' });
  else if (word !== 'AND' && word !== '') tokens.push({ kind: 'word', text: word, minus });
  for (let index = 0; index < closers; index += 1) tokens.push({ kind: 'close' });
  return skipped + Math.max(1, bare.length);
};
