/** One segment of a workspace's index. Everything but what dies in it is written once. */
export interface SearchSegmentTable {
  workspace_id: string;
  segment_id: number;
  doc_count: number;
  dead_count: number;
  /** First terms of its blocks (`encodeFirstTerms`). */
  first_terms: Uint8Array;
  /** All of its terms (`VocabularyBuilder`): for questions that know a piece of a word only. */
  vocabulary: Uint8Array;
  /** `encodeColumns`. */
  docs: Uint8Array;
  /** Bitmap of the dead documents; null while all live. */
  dead: Uint8Array | null;
}

/** What is measured of a segment's documents, a column a row; those without values are not there. */
export interface SearchMetricTable {
  workspace_id: string;
  segment_id: number;
  /** A `MetricColumn`, or `contacts`. */
  name: string;
  data: Uint8Array;
}

/** A block of a segment's terms; see `blockId`. */
export interface SearchBlockTable {
  workspace_id: string;
  block_id: number;
  postings: Uint8Array;
  positions: Uint8Array;
}

/** Numbers of a workspace's index. */
export interface SearchStateTable {
  workspace_id: string;
  /** Rises with each change of the index. */
  generation: number;
  next_segment: number;
}

/** What a search found, for its further pages. */
export interface SearchListTable {
  workspace_id: string;
  list_id: string;
  /** Milliseconds. */
  created_at: number;
  /** `packHits`. */
  hits: Uint8Array;
}

/** Blocks of one segment at most: 2^20 of 16 KiB each. */
const BLOCKS_PER_SEGMENT = 0x10_0000;

/** A segment's blocks have neighbouring numbers, in the order of their terms. */
export const blockId = (segmentId: number, block: number): number => segmentId * BLOCKS_PER_SEGMENT + block;
