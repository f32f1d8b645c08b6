import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { ByteWriter } from '../../lib/bytes/byte-writer.ts';
import { uninterrupted } from '../../lib/uninterrupted.ts';
import type { QueryTerm } from '../../lib/text/analyse.ts';
import { filterTerm } from './types.ts';

/** Stands between two terms; no term holds it. */
export const BREAK = '\n';
const isFilter = (term: string): boolean => term.startsWith(filterTerm('state', '').charAt(0));

/** Terms that are put into bytes at once. */
const TERMS_AT_ONCE = 1_024;
const encoder = new TextEncoder();

/** Collects the words of a segment, without its filters; as bytes, since there may be a million. */
export class VocabularyBuilder {
  readonly #bytes = new ByteWriter();
  #terms: string[] = [];

  add(term: string): void {
    if (isFilter(term)) return;
    this.#terms.push(term);
    if (this.#terms.length >= TERMS_AT_ONCE) this.#encode();
  }

  /** What was added, compressed; see {@link unpackVocabulary}. */
  pack(): Uint8Array {
    this.#encode();
    this.#bytes.bytes(encoder.encode(BREAK));
    return uninterrupted(() => zstdCompressSync(this.#bytes.view()));
  }

  #encode(): void {
    if (this.#terms.length === 0) return;
    this.#bytes.bytes(encoder.encode(BREAK + this.#terms.join(BREAK)));
    this.#terms = [];
  }
}

/** The other half of {@link VocabularyBuilder}, as UTF-8 with a {@link BREAK} before and behind each term. */
export const vocabularyBytes = (packed: Uint8Array): Buffer =>
  uninterrupted(() => zstdDecompressSync(packed));

/** The same as one text. */
export const unpackVocabulary = (packed: Uint8Array): string => vocabularyBytes(packed).toString('utf8');

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
