import { ByteReader } from '../../lib/bytes/byte-reader.ts';
import { ByteWriter } from '../../lib/bytes/byte-writer.ts';

/** What a search found, in its order, as page one saw it. */
export interface HitList {
  readonly docIds: readonly number[];
  /** Relevance by place, rounded; empty where they were left out. */
  readonly scores: readonly number[];
}

/** Scores are kept in thousandths: nobody is shown more. */
const PARTS = 1_000;

const NO_SCORES = 0;
const SCORES = 1;

/** A list as bytes: about two a hit, and three with scores. */
export const packHits = ({ docIds, scores }: HitList): Uint8Array => {
  const writer = new ByteWriter();
  const scored = scores.length === docIds.length;
  writer.varint(scored ? SCORES : NO_SCORES);
  writer.varint(docIds.length);
  for (const docId of docIds) writer.varint(docId);
  if (!scored) return writer.take();
  // The best come first: each is so much less than the one before.
  let last = Math.round((scores[0] ?? 0) * PARTS);
  writer.varint(last);
  for (const score of scores) {
    const rounded = Math.min(last, Math.round(score * PARTS));
    writer.varint(last - rounded);
    last = rounded;
  }
  return writer.take();
};

/** The other half of {@link packHits}. */
export const unpackHits = (bytes: Uint8Array): HitList => {
  const reader = new ByteReader(bytes);
  const scored = reader.varint() === SCORES;
  const count = reader.varint();
  const docIds = Array.from({ length: count }, () => reader.varint());
  if (!scored) return { docIds, scores: [] };
  let last = reader.varint();
  const scores = Array.from({ length: count }, () => {
    last -= reader.varint();
    return last / PARTS;
  });
  return { docIds, scores };
};
