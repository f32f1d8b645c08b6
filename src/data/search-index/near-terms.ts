import { editDistance } from '../../lib/nearest.ts';
import { BREAK } from './vocabulary.ts';

/** A word that stands nowhere, and what a term must be like to be near it. */
interface Target {
  readonly word: string;
  readonly edits: number;
  /** Its length in bytes, and how far a near term's may be from it. */
  readonly length: number;
  readonly slack: number;
  /** Which bytes it holds, by their lowest five bits, and how many of these bits may differ. */
  readonly mask: number;
  readonly difference: number;
  /** Near terms found so far, with their edits. */
  readonly found: Map<string, number>;
}

/** Shorter words are near to too much. */
const LEAST = 3;
/** Words from this length on may have two mistakes. */
const LONG = 8;
/** Terms between two looks at the clock. */
const TERMS_A_LOOK = 1 << 15;
const BREAK_BYTE = BREAK.charCodeAt(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const maskOf = (bytes: Uint8Array): number => bytes.reduce((mask, byte) => mask | (1 << (byte & 31)), 0);

const onesIn = (bits: number): number => {
  let left = bits;
  let count = 0;
  for (; left !== 0; count += 1) left &= left - 1;
  return count;
};

/** True for a word in which a mistake can be told: neither a number nor text of a script without spaces. */
export const isSpelled = (word: string): boolean => word.length >= LEAST && /^[\p{L}\p{M}]+$/u.test(word);

/** Looks for the near terms of some words in the vocabularies of segments, all of the words in one pass. */
export class NearTerms {
  readonly #targets: readonly Target[];
  readonly #alive: () => void;

  /** @param words see {@link isSpelled} @param alive called in the long loop */
  constructor(words: readonly string[], alive: () => void) {
    this.#alive = alive;
    this.#targets = words.map((word) => {
      const bytes = encoder.encode(word);
      const edits = word.length < LONG ? 1 : 2;
      // A letter of the word's script takes so many bytes, of which each may differ.
      const width = Math.ceil(bytes.length / word.length);
      const slack = edits * width;
      return {
        word,
        edits,
        length: bytes.length,
        slack,
        mask: maskOf(bytes),
        difference: 2 * slack,
        found: new Map(),
      };
    });
  }

  /** Takes the terms of a segment. @param vocabulary see `vocabularyBytes` */
  add(vocabulary: Uint8Array): void {
    let start = 1;
    let mask = 0;
    let terms = 0;
    for (let at = 1; at < vocabulary.length; at += 1) {
      const byte = vocabulary[at] as number;
      if (byte !== BREAK_BYTE) {
        mask |= 1 << (byte & 31);
        continue;
      }
      for (const target of this.#targets) {
        const away = at - start - target.length;
        if (away > target.slack || -away > target.slack) continue;
        if (onesIn(mask ^ target.mask) > target.difference) continue;
        compare(target, decoder.decode(vocabulary.subarray(start, at)));
      }
      start = at + 1;
      mask = 0;
      terms += 1;
      if (terms % TERMS_A_LOOK === 0) this.#alive();
    }
  }

  /** By word: its near terms with the number of edits. */
  found(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    return new Map(this.#targets.map(({ found, word }) => [word, found]));
  }
}

const compare = ({ edits, found, word }: Target, term: string): void => {
  if (term === word || found.has(term) || !isSpelled(term)) return;
  const distance = editDistance(word, term);
  if (distance <= edits) found.set(term, distance);
};
