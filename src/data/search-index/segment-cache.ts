import type { Bits } from '../../lib/bytes/bitset.ts';
import { emptyBits } from '../../lib/bytes/bitset.ts';
import type { ReadDb } from '../db.ts';
import { blockCache } from './block-cache.ts';
import { decodeColumns, type DocColumns } from './doc-columns.ts';
import { LENGTHS } from './posting-bytes.ts';
import { decodeFirstTerms } from './term-block.ts';

/** A segment with what is needed to ask it, apart from its blocks. */
export interface Segment {
  readonly id: number;
  /** Names it in the {@link blockCache}; no other segment of this thread ever had it. */
  readonly cacheId: number;
  readonly size: number;
  readonly deadCount: number;
  readonly firstTerms: readonly string[];
  readonly columns: DocColumns;
  readonly dead: Bits | undefined;
  /** Terms of the living documents, by their rounded lengths. */
  readonly liveTerms: number;
}

/** Segments already read, by number. Segments never change and numbers are never used again: only what died may be old. */
export type SegmentCache = Map<string, Map<number, Segment>>;

/** The bitmap of a row as words of its own. */
export const toBits = (bytes: Uint8Array, size: number): Bits => {
  const bits = emptyBits(size);
  new Uint8Array(bits.buffer).set(bytes.subarray(0, bits.byteLength));
  return bits;
};

export const fromBits = (bits: Bits): Uint8Array =>
  new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength);

const liveTermsOf = ({ lengths, size }: DocColumns, dead: Bits | undefined): number => {
  let total = 0;
  for (let ordinal = 0; ordinal < size; ordinal += 1) {
    if (dead !== undefined && ((dead[ordinal >>> 5] ?? 0) & (1 << (ordinal & 31))) !== 0) continue;
    total += LENGTHS[lengths[ordinal] ?? 0] ?? 0;
  }
  return total;
};

let nextCacheId = 1;

const readSegments = async (
  db: ReadDb,
  workspaceId: string,
  ids: readonly number[],
): Promise<Map<number, Segment>> => {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('search_segments')
    .select(['segment_id', 'doc_count', 'dead_count', 'first_terms', 'docs', 'dead'])
    .where('workspace_id', '=', workspaceId)
    .where('segment_id', 'in', ids)
    .execute();
  return new Map(
    rows.map((row): [number, Segment] => {
      const columns = decodeColumns(row.docs, row.doc_count);
      const dead = row.dead === null ? undefined : toBits(row.dead, row.doc_count);
      const segment = {
        id: row.segment_id,
        cacheId: nextCacheId++,
        size: row.doc_count,
        deadCount: row.dead_count,
        firstTerms: decodeFirstTerms(row.first_terms),
        columns,
        dead,
        liveTerms: liveTermsOf(columns, dead),
      };
      return [row.segment_id, segment];
    }),
  );
};

/** Known segments in which something died: all else of them is as it was. */
const readDead = async (
  db: ReadDb,
  workspaceId: string,
  heads: readonly { readonly segment_id: number }[],
  known: ReadonlyMap<number, Segment>,
): Promise<Segment[]> => {
  if (heads.length === 0) return [];
  const rows = await db
    .selectFrom('search_segments')
    .select(['segment_id', 'dead_count', 'dead'])
    .where('workspace_id', '=', workspaceId)
    .where(
      'segment_id',
      'in',
      heads.map((head) => head.segment_id),
    )
    .execute();
  return rows.flatMap((row) => {
    const before = known.get(row.segment_id);
    if (before === undefined) return [];
    const dead = row.dead === null ? undefined : toBits(row.dead, before.size);
    return [{ ...before, deadCount: row.dead_count, dead, liveTerms: liveTermsOf(before.columns, dead) }];
  });
};

/**
 * The segments of a workspace as the present transaction sees them, the oldest first; read from the database only where
 * they are new or something died in them.
 */
export const loadSegments = async (
  db: ReadDb,
  cache: SegmentCache,
  workspaceId: string,
): Promise<readonly Segment[]> => {
  const known = cache.get(workspaceId) ?? new Map<number, Segment>();
  const heads = await db
    .selectFrom('search_segments')
    .select(['segment_id', 'dead_count'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('segment_id')
    .execute();
  const isNew = (id: number): boolean => !known.has(id);
  const stale = heads.filter((head) => known.get(head.segment_id)?.deadCount !== head.dead_count);
  const fresh = await readSegments(db, workspaceId, stale.map((head) => head.segment_id).filter(isNew));
  const changed = stale.filter((head) => !isNew(head.segment_id));
  for (const segment of await readDead(db, workspaceId, changed, known)) fresh.set(segment.id, segment);
  const now = heads.flatMap((head): [number, Segment][] => {
    const segment = fresh.get(head.segment_id) ?? known.get(head.segment_id);
    return segment === undefined ? [] : [[head.segment_id, segment]];
  });
  const present = new Map(now);
  for (const [id, { cacheId }] of known) if (!present.has(id)) blockCache.forget(cacheId);
  cache.set(workspaceId, present);
  return now.map(([, segment]) => segment);
};
