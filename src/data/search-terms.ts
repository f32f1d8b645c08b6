import { analyse } from '../lib/text/analyse.ts';

/** Stands between the parts of a conversation, so that no phrase reaches from one message into the next. Never a term. */
export const PART_BREAK = '¶';

/** The terms of each text, in order; texts without a term are left out. */
export const termsOfParts = (texts: readonly (string | null)[]): string[][] =>
  texts.flatMap((text) => {
    if (text === null) return [];
    const terms = analyse(text);
    return terms.length === 0 ? [] : [terms];
  });
