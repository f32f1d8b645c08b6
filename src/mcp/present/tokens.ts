const VOWELS = new Set('aeiouyAEIOUY');
/** Share added on top, since no estimate is exact. */
const MARGIN = 1.12;

const KIND = { space: 0, letter: 1, digit: 2, other: 3, wide: 4, astral: 5 } as const;

const kindOf = (code: number): number => {
  if (code === 0x20) return KIND.space;
  if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)) return KIND.letter;
  if (code >= 0x30 && code <= 0x39) return KIND.digit;
  if (code < 0x80) return KIND.other;
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
    if (kind === KIND.letter || kind === KIND.digit || kind === KIND.space) {
      while (end < text.length && kindOf(text.charCodeAt(end)) === kind) end += 1;
    }
    if (kind === KIND.letter) tokens += letterTokens(text, index, end);
    else if (kind === KIND.digit) tokens += Math.ceil((end - index) / 2);
    else if (kind === KIND.space) tokens += end - index > 1 ? 1 : 0;
    else if (kind === KIND.other) tokens += 1;
    else tokens += kind === KIND.astral ? 4 : code < 0x500 ? 1 : 1.6;
    index = end;
  }
  return Math.ceil(tokens * MARGIN);
};
