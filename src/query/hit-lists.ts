import { createHash } from 'node:crypto';
import { type HitList, packHits, unpackHits } from '../data/search-index/hit-list.ts';
import { AppError } from '../errors/app-error.ts';
import type { QueryDeps } from './deps.ts';
import type { readOptions } from './read-options.ts';

/** Hits by relevance that page one fixes. */
export const FIXED_HITS = 1_000;

/** How a list stands in a cursor: its name, or where nobody keeps lists (the database can only be read) the list itself. */
const KEPT = 'k';
const INLINE = 'i';
const ID_LENGTH = 16;

/** A cursor is taken up to 4,000 characters long, of which bytes make three quarters. */
const INLINE_BYTES = 2_900;

/** As many of the first hits as a cursor holds: all thousand, unless the numbers are beyond two millions. */
const packedWithin = (docIds: readonly number[]): Uint8Array => {
  const packed = packHits({ docIds, scores: [] });
  if (packed.length <= INLINE_BYTES) return packed;
  return packedWithin(docIds.slice(0, Math.floor((docIds.length * INLINE_BYTES) / packed.length) - 1));
};

/** Lists in cursors, packed. @returns how the cursor names it */
export const keepList = (deps: QueryDeps, workspaceId: string, list: HitList): string => {
  if (deps.lists === undefined) {
    return INLINE + Buffer.from(packedWithin(list.docIds)).toString('base64url');
  }
  const packed = packHits(list);
  const listId = createHash('sha256').update(packed).digest('base64url').slice(0, ID_LENGTH);
  deps.lists.keep(workspaceId, listId, packed);
  return KEPT + listId;
};

/** The list that a cursor names. @throws AppError CURSOR_INVALID where it is kept no longer, STORE_* */
export const findList = async (
  deps: QueryDeps,
  workspaceId: string,
  named: string,
  options: ReturnType<typeof readOptions>,
): Promise<HitList> => {
  const rest = named.slice(1);
  if (named.startsWith(INLINE)) return unpackHits(Buffer.from(rest, 'base64url'));
  const held =
    deps.lists?.find(workspaceId, rest) ??
    (await deps.reader.read('findSearchList', { workspaceId, listId: rest }, options));
  if (held === null)
    throw new AppError('CURSOR_INVALID', 'This cursor is too old: what its search found is kept for a day.');
  return unpackHits(held);
};
