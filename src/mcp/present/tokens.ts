const VOWELS = new Set('aeiouyAEIOUY');
/** Share added on top, since no estimate is exact. */
const MARGIN = 1.12;
/** Plain prose has more characters a token than this; other ways of counting assume it. */
const MOST_CHARACTERS = 4;

const KIND = { space: 0, letter: 1, digit: 2, json: 3, other: 4, wide: 5, astral: 6 } as const;
/** What JSON is made of: tokenizers take runs of it together. */
const JSON_MARKS = new Set([...'{}[]",:'].map((mark) => mark.charCodeAt(0)));

const kindOf = (code: number): number => {
  if (code === 0x20) return KIND.space;
  if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)) return KIND.letter;
  if (code >= 0x30 && code <= 0x39) return KIND.digit;
  if (code < 0x80) return JSON_MARKS.has(code) ? KIND.json : KIND.other;
  return code > 0xffff ? KIND.astral : KIND.wide;
};

/** A run of letters: words split into few tokens, strings without vowels or with mixed case into many. */
const letterTokens = (text: string, start: number, end: number): number => {
  let vowels = 0;
  let humps = 0;
  for (let index = start; index < end; index += 1) {
    if (VOWELS.has(text[index] ?? '')) vowels += 1;
    if (index > start && text.charCodeAt(index) < 0x61 && text.charCodeAt(index - 1) >= 0x61) humps += 1;
  }
  const length = end - start;
  const wordLike = vowels * 5 >= length;
  return Math.max(1, wordLike ? Math.ceil(length / 4.5) : Math.ceil(length / 1.5)) + humps;
};

/** A character beyond ASCII, by its script; measured on cl100k_base, which knows fewer of them than o200k_base. */
const wideTokens = (code: number): number => {
  if (code < 0x250) return 1;
  if (code >= 0x400 && code < 0x530) return 0.6;
  if (code >= 0xe00 && code < 0xe80) return 1;
  return code >= 0x3000 && code < 0xa000 ? 1.1 : 1.3;
};

const runTokens = (text: string, kind: number, start: number, end: number): number => {
  const length = end - start;
  switch (kind) {
    case KIND.letter:
      return letterTokens(text, start, end);
    case KIND.digit:
      return Math.ceil(length / 2);
    case KIND.json:
      return Math.ceil(length / 3);
    case KIND.space:
      return length > 1 ? Math.ceil(length / 16) : 0;
    case KIND.astral:
      return 4;
    case KIND.wide:
      return wideTokens(text.charCodeAt(start));
    default:
      return 1;
  }
};

const RUNS: ReadonlySet<number> = new Set([KIND.letter, KIND.digit, KIND.space, KIND.json]);

/**
 * Tokens that a model's tokenizer (o200k_base) makes of a text, estimated from above: a budget is a promise, so it is
 * better to show one row less. Linear, no vocabulary needed.
 */
export const estimateTokens = (text: string): number => {
  let tokens = 0;
  for (let index = 0; index < text.length; ) {
    const code = text.codePointAt(index) ?? 0;
    const kind = kindOf(code);
    let end = index + (code > 0xffff ? 2 : 1);
    if (RUNS.has(kind)) while (end < text.length && kindOf(text.charCodeAt(end)) === kind) end += 1;
    tokens += runTokens(text, kind, index, end);
    index = end;
  }
  return Math.ceil(Math.max(tokens * MARGIN, text.length / MOST_CHARACTERS));
};
