import { addBit, emptyBits, hasBit } from '../../lib/bytes/bitset.ts';
import type { WriteContext } from '../context.ts';
import { readingHalf } from '../db.ts';
import { buildSegment } from './build-segment.ts';
import { type DocColumns, encodeColumns, ordinalOf } from './doc-columns.ts';
import { mergeSegments } from './merge-segments.ts';
import { planMerge } from './plan-merge.ts';
import { mergeMetrics, putMetrics } from './metric-rows.ts';
import { fromBits, loadSegments, type Segment } from './segment-cache.ts';
import { blockId } from './segment-rows.ts';
import { encodeFirstTerms, type TermBlock } from './term-block.ts';
import type { IndexDocument } from './types.ts';
import type { VocabularyBuilder } from './vocabulary.ts';

/** Blocks written in one statement; of the commonest words one holds megabytes. */
const BLOCKS_PER_STATEMENT = 8;
/** Blocks read at once in a merge, of each of its sources. */
const BLOCKS_PER_READ = 4;
/** Merges of up to so many documents are done along with the write that made them due. */
const SMALL_MERGE = 4_096;

/**
 * Takes the index of a workspace for the rest of the transaction and counts the change: on PostgreSQL other writers wait
 * at this row, on SQLite there is one writer anyway. Before it nothing that was read of the index may be relied on.
 */
export const lockIndex = async ({ db }: WriteContext, workspaceId: string): Promise<void> => {
  await db
    .insertInto('search_state')
    .values({ workspace_id: workspaceId, generation: 1, next_segment: 1 })
    .onConflict((conflict) =>
      conflict
        .column('workspace_id')
        .doUpdateSet((eb) => ({ generation: eb('search_state.generation', '+', 1) })),
    )
    .execute();
};

/** A number that no segment had before. */
const newSegmentId = async ({ db }: WriteContext, workspaceId: string): Promise<number> => {
  const { next_segment: next } = await db
    .updateTable('search_state')
    .set((eb) => ({ next_segment: eb('next_segment', '+', 1) }))
    .where('workspace_id', '=', workspaceId)
    .returning('next_segment')
    .executeTakeFirstOrThrow();
  return next - 1;
};

/** Writes the blocks of a segment as they come. */
const blockWriter = ({ db }: WriteContext, workspaceId: string, segmentId: number) => {
  const firstTerms: string[] = [];
  let waiting: TermBlock[] = [];
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const start = firstTerms.length - waiting.length;
    await db
      .insertInto('search_blocks')
      .values(
        waiting.map(({ postings, positions }, index) => ({
          workspace_id: workspaceId,
          block_id: blockId(segmentId, start + index),
          postings,
          positions,
        })),
      )
      .execute();
    waiting = [];
  };
  return {
    firstTerms,
    flush,
    async add(block: TermBlock): Promise<void> {
      firstTerms.push(block.firstTerm);
      waiting.push(block);
      if (waiting.length >= BLOCKS_PER_STATEMENT) await flush();
    },
  };
};

const addSegment = async (
  context: WriteContext,
  workspaceId: string,
  documents: readonly IndexDocument[],
): Promise<void> => {
  const { blocks, columns, metrics, vocabulary } = buildSegment(documents);
  const segmentId = await newSegmentId(context, workspaceId);
  const writer = blockWriter(context, workspaceId, segmentId);
  for (const block of blocks) await writer.add(block);
  await writer.flush();
  await putHead(context, workspaceId, segmentId, { firstTerms: writer.firstTerms, columns, vocabulary });
  await putMetrics(context.db, workspaceId, segmentId, metrics);
};

const putHead = async (
  { db }: WriteContext,
  workspaceId: string,
  segmentId: number,
  head: {
    readonly firstTerms: readonly string[];
    readonly columns: DocColumns;
    readonly vocabulary: VocabularyBuilder;
  },
): Promise<void> => {
  await db
    .insertInto('search_segments')
    .values({
      workspace_id: workspaceId,
      segment_id: segmentId,
      doc_count: head.columns.size,
      dead_count: 0,
      first_terms: encodeFirstTerms(head.firstTerms),
      vocabulary: head.vocabulary.pack(),
      docs: encodeColumns(head.columns),
      dead: null,
    })
    .execute();
};

/** The older versions of these documents no longer count. */
const bury = async (
  { db }: WriteContext,
  workspaceId: string,
  segments: readonly Segment[],
  docIds: ReadonlySet<number>,
): Promise<void> => {
  if (docIds.size === 0) return;
  for (const segment of segments) {
    const dead = segment.dead?.slice() ?? emptyBits(segment.size);
    let buried = 0;
    for (const docId of docIds) {
      const ordinal = ordinalOf(segment.columns, docId);
      if (ordinal === undefined || hasBit(dead, ordinal)) continue;
      addBit(dead, ordinal);
      buried += 1;
    }
    if (buried === 0) continue;
    const deadCount = segment.deadCount + buried;
    if (deadCount === segment.size) await dropSegments({ db }, workspaceId, [segment]);
    else {
      await db
        .updateTable('search_segments')
        .set({ dead: fromBits(dead), dead_count: deadCount })
        .where('workspace_id', '=', workspaceId)
        .where('segment_id', '=', segment.id)
        .execute();
    }
  }
};

const dropSegments = async (
  { db }: Pick<WriteContext, 'db'>,
  workspaceId: string,
  segments: readonly Pick<Segment, 'id'>[],
): Promise<void> => {
  for (const { id } of segments) {
    await db
      .deleteFrom('search_blocks')
      .where('workspace_id', '=', workspaceId)
      .where('block_id', '>=', blockId(id, 0))
      .where('block_id', '<', blockId(id + 1, 0))
      .execute();
    await db
      .deleteFrom('search_metrics')
      .where('workspace_id', '=', workspaceId)
      .where('segment_id', '=', id)
      .execute();
    await db
      .deleteFrom('search_segments')
      .where('workspace_id', '=', workspaceId)
      .where('segment_id', '=', id)
      .execute();
  }
};

async function* blocksOf({ db }: WriteContext, workspaceId: string, segment: Segment) {
  const count = segment.firstTerms.length;
  for (let start = 0; start < count; start += BLOCKS_PER_READ) {
    yield* await db
      .selectFrom('search_blocks')
      .select(['postings', 'positions'])
      .where('workspace_id', '=', workspaceId)
      .where('block_id', '>=', blockId(segment.id, start))
      .where('block_id', '<', blockId(segment.id, Math.min(count, start + BLOCKS_PER_READ)))
      .orderBy('block_id')
      .execute();
  }
}

const merge = async (
  context: WriteContext,
  workspaceId: string,
  segments: readonly Segment[],
): Promise<void> => {
  const segmentId = await newSegmentId(context, workspaceId);
  const writer = blockWriter(context, workspaceId, segmentId);
  const { columns, picks, vocabulary } = await mergeSegments(
    segments.map((segment) => ({
      columns: segment.columns,
      dead: segment.dead,
      blocks: () => blocksOf(context, workspaceId, segment),
    })),
    writer.add,
  );
  await writer.flush();
  if (columns.size > 0) await mergeMetrics(context.db, workspaceId, segments, { segmentId, picks });
  await dropSegments(context, workspaceId, segments);
  if (columns.size === 0) return;
  await putHead(context, workspaceId, segmentId, { firstTerms: writer.firstTerms, columns, vocabulary });
};

const nextMerge = async (
  { db, segments: cache }: WriteContext,
  workspaceId: string,
): Promise<{ readonly segments: readonly Segment[]; readonly docs: number } | undefined> => {
  const segments = planMerge(await loadSegments(readingHalf(db), cache, workspaceId));
  if (segments === undefined) return undefined;
  return { segments, docs: segments.reduce((sum, { size, deadCount }) => sum + size - deadCount, 0) };
};

/** Does the small merges that are due. The index must be locked. @returns true when a large one is due */
const mergeSmall = async (context: WriteContext, workspaceId: string): Promise<boolean> => {
  for (;;) {
    const due = await nextMerge(context, workspaceId);
    if (due === undefined) return false;
    if (due.docs > SMALL_MERGE) return true;
    await merge(context, workspaceId, due.segments);
  }
};

/** Does the next merge, whatever its size. The index must be locked. @returns true when another one is due */
export const mergeNext = async (context: WriteContext, workspaceId: string): Promise<boolean> => {
  const due = await nextMerge(context, workspaceId);
  if (due === undefined) return false;
  await merge(context, workspaceId, due.segments);
  return (await nextMerge(context, workspaceId)) !== undefined;
};

/**
 * Writes one segment anew that still holds older versions of these documents. The index must be locked.
 * @returns false when there is none
 */
export const rewriteWithout = async (
  context: WriteContext,
  workspaceId: string,
  docIds: readonly number[],
): Promise<boolean> => {
  const segments = await loadSegments(readingHalf(context.db), context.segments, workspaceId);
  const holder = segments.find(({ columns, dead }) =>
    docIds.some((docId) => {
      const ordinal = dead === undefined ? undefined : ordinalOf(columns, docId);
      return ordinal !== undefined && dead !== undefined && hasBit(dead, ordinal);
    }),
  );
  if (holder === undefined) return false;
  await merge(context, workspaceId, [holder]);
  return true;
};

/**
 * Puts documents into the index in place of their older versions.
 * @returns true when a large merge is due: see `mergeSearchIndex`
 */
export const putIndexDocuments = async (
  context: WriteContext,
  workspaceId: string,
  documents: readonly IndexDocument[],
  isNew: (docId: number) => boolean,
): Promise<boolean> => {
  if (documents.length === 0) return false;
  await lockIndex(context, workspaceId);
  const old = new Set(documents.map(({ docId }) => docId).filter((docId) => !isNew(docId)));
  if (old.size > 0) {
    await bury(
      context,
      workspaceId,
      await loadSegments(readingHalf(context.db), context.segments, workspaceId),
      old,
    );
  }
  await addSegment(context, workspaceId, documents);
  return mergeSmall(context, workspaceId);
};

/** Takes documents out of the index. */
export const removeIndexDocuments = async (
  context: WriteContext,
  workspaceId: string,
  docIds: readonly number[],
): Promise<void> => {
  if (docIds.length === 0) return;
  await lockIndex(context, workspaceId);
  const segments = await loadSegments(readingHalf(context.db), context.segments, workspaceId);
  await bury(context, workspaceId, segments, new Set(docIds));
};
