import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { QueryTerm } from '../../lib/text/analyse.ts';
import { filterTerm } from './types.ts';

/** Stands between two terms; no term holds it. */
const BREAK = '\n';
const isFilter = (term: string): boolean => term.startsWith(filterTerm('state', '').charAt(0));

/** The words of a segment, without its filters. */
export const packVocabulary = (terms: readonly string[]): Uint8Array =>
  zstdCompressSync(BREAK + terms.filter((term) => !isFilter(term)).join(BREAK) + BREAK);

/** The other half of {@link packVocabulary}, as one text with a break before and behind each term. */
export const unpackVocabulary = (packed: Uint8Array): string => zstdDecompressSync(packed).toString('utf8');

/** Terms of a vocabulary that hold the piece where the query term says, at most `limit`. */
export const termsWithPiece = (vocabulary: string, wanted: QueryTerm, limit: number): string[] => {
  const piece = `${wanted.suffix ? '' : BREAK}${wanted.term}${wanted.prefix ? '' : BREAK}`;
  const found: string[] = [];
  for (let at = vocabulary.indexOf(piece); at >= 0 && found.length < limit; ) {
    const start = vocabulary.lastIndexOf(BREAK, wanted.suffix ? at : at + 1) + 1;
    const end = vocabulary.indexOf(BREAK, start);
    found.push(vocabulary.slice(start, end));
    at = vocabulary.indexOf(piece, end);
  }
  return found;
};
