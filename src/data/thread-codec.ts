import type { ThreadPart } from '../entities/conversation/table.ts';
import { packText, unpackText } from './payload-codec.ts';

/** A part without its position, which is its place in the list. */
type PackedPart = readonly [
  id: string,
  partType: string,
  authorType: string | null,
  authorId: string | null,
  authorName: string | null,
  authorEmail: string | null,
  createdAt: number,
  text: string | null,
  attachments?: number,
];

const toPacked = (part: ThreadPart): PackedPart => {
  const { attachments, author_email, author_id, author_name, author_type, created_at, id, part_type, text } =
    part;
  const packed = [
    id,
    part_type,
    author_type,
    author_id,
    author_name,
    author_email,
    created_at,
    text,
  ] as const;
  return attachments === undefined ? packed : [...packed, attachments];
};

/** The parts of a thread in order → compressed bytes: a tenth of what a row for each part takes. */
export const packThread = (parts: readonly ThreadPart[]): Uint8Array =>
  packText(JSON.stringify(parts.map(toPacked)));

/**
 * The other half of {@link packThread}.
 * @throws AppError STORE_DAMAGED when the bytes were not written by it
 */
export const unpackThread = (packed: Uint8Array): ThreadPart[] =>
  (JSON.parse(unpackText(packed)) as PackedPart[]).map(
    (
      [id, part_type, author_type, author_id, author_name, author_email, created_at, text, attachments],
      position,
    ) => ({
      position,
      id,
      part_type,
      author_type,
      author_id,
      author_name,
      author_email,
      created_at,
      text,
      ...(attachments === undefined ? {} : { attachments }),
    }),
  );
