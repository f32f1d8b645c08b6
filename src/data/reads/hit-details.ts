import { type AuthorRole, authorRole } from '../../lib/author-role.ts';
import { bestPart, snippet } from '../../lib/text/snippet.ts';
import type { ThreadPart } from '../../entities/conversation/table.ts';
import type { ReadContext } from '../context.ts';
import { unpackThread } from '../thread-codec.ts';
import { unindexed } from '../unindexed.ts';
import type { Clause } from '../search-index/types.ts';

/** Ids of one statement, below both engines' limits on bound values. */
const IDS_PER_STATEMENT = 500;

export interface HitDetails {
  readonly id: string;
  readonly title: string | null;
  readonly state: string | null;
  readonly priority: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly contact: {
    readonly id: string | null;
    readonly name: string | null;
    readonly email: string | null;
  } | null;
  readonly tags: readonly string[];
  /** The opening message counts, too. */
  readonly partCount: number;
  readonly hydrated: boolean;
  readonly match: {
    readonly partId: string;
    readonly partType: string;
    readonly authorType: string | null;
    readonly authorName: string | null;
    readonly createdAt: number;
    readonly snippet: string;
    readonly highlights: readonly (readonly [number, number])[];
  } | null;
}

const chunks = <T>(items: readonly T[]): T[][] => {
  const out: T[][] = [];
  for (let start = 0; start < items.length; start += IDS_PER_STATEMENT) {
    out.push(items.slice(start, start + IDS_PER_STATEMENT));
  }
  return out;
};

/** What the best message of a conversation is chosen by. */
export interface ShownClauses {
  readonly clauses: readonly Clause[];
  /** Whose messages are looked at; absent: everybody's. */
  readonly roles?: readonly AuthorRole[];
}

const counts = (part: ThreadPart, roles: readonly AuthorRole[] | undefined): boolean =>
  roles === undefined || roles.includes(authorRole(part.author_type, part.part_type));

/** What a result row shows, by internal number: head, first contact, tags and the part that matched best. */
export const hitDetails = async (
  context: ReadContext,
  workspaceId: string,
  docIds: readonly number[],
  shown: ShownClauses,
): Promise<ReadonlyMap<number, HitDetails>> => {
  const details = new Map<number, HitDetails>();
  for (const chunk of chunks(docIds)) {
    context.alive();
    for (const [docId, detail] of await chunkDetails(context, workspaceId, chunk, shown)) {
      details.set(docId, detail);
    }
  }
  return details;
};

const chunkDetails = async (
  { db }: ReadContext,
  workspaceId: string,
  docIds: readonly number[],
  { clauses, roles }: ShownClauses,
): Promise<readonly [number, HitDetails][]> => {
  const heads = await db
    .selectFrom('conversations')
    .select([
      'doc_id',
      'id',
      'title',
      'state',
      'priority',
      'created_at',
      'updated_at',
      'part_count',
      'hydrated',
    ])
    .select(['source_author_type', 'source_author_id', 'source_author_name', 'source_author_email'])
    .where('doc_id', 'in', docIds)
    .where(unindexed('workspace_id'), '=', workspaceId)
    .execute();
  const ids = heads.map((head) => head.id);
  if (ids.length === 0) return [];
  const contacts = await db
    .selectFrom('conversation_contacts as cc')
    .leftJoin('contacts as p', (join) =>
      join.onRef('p.workspace_id', '=', 'cc.workspace_id').onRef('p.id', '=', 'cc.contact_id'),
    )
    .select(['cc.conversation_id', 'cc.contact_id', 'p.name', 'p.email'])
    .where('cc.workspace_id', '=', workspaceId)
    .where('cc.conversation_id', 'in', ids)
    .orderBy('cc.conversation_id')
    .orderBy('cc.contact_id')
    .execute();
  const tags = await db
    .selectFrom('conversation_tags as ct')
    .leftJoin('tags as t', (join) =>
      join.onRef('t.workspace_id', '=', 'ct.workspace_id').onRef('t.id', '=', 'ct.tag_id'),
    )
    .select(['ct.conversation_id', 'ct.tag_id', 'ct.name as name_then', 't.name as name_now'])
    .where('ct.workspace_id', '=', workspaceId)
    .where('ct.conversation_id', 'in', ids)
    .orderBy('ct.conversation_id')
    .orderBy('ct.tag_id')
    .execute();
  const contents = await db
    .selectFrom('conversation_contents')
    .select(['doc_id', 'thread'])
    .where('workspace_id', '=', workspaceId)
    .where('doc_id', 'in', docIds)
    .execute();
  const threads = new Map(contents.map((row) => [row.doc_id, unpackThread(row.thread)]));
  const contactsById = groupBy(contacts, (row) => row.conversation_id);
  const tagsById = groupBy(tags, (row) => row.conversation_id);
  return heads.map((head): [number, HitDetails] => {
    const contact = contactsById.get(head.id)?.[0];
    const fromCustomer = head.source_author_type !== 'admin' && head.source_author_type !== 'bot';
    const author = fromCustomer && (contact === undefined || contact.contact_id === head.source_author_id);
    const detail = {
      id: head.id,
      title: head.title,
      state: head.state,
      priority: head.priority,
      createdAt: head.created_at,
      updatedAt: head.updated_at,
      contact:
        contact === undefined && head.source_author_id === null
          ? null
          : {
              id: contact?.contact_id ?? head.source_author_id,
              name: contact?.name ?? (author ? head.source_author_name : null),
              email: contact?.email ?? (author ? head.source_author_email : null),
            },
      tags: (tagsById.get(head.id) ?? []).map((tag) => tag.name_now ?? tag.name_then ?? tag.tag_id),
      partCount: head.part_count + 1,
      hydrated: head.hydrated === 1,
      match: bestMatch(
        (threads.get(head.doc_id) ?? []).filter((part) => part.text !== null && counts(part, roles)),
        clauses,
      ),
    };
    return [head.doc_id, detail];
  });
};

/** The part that holds most of the clauses; without clauses the first one that has text. */
const bestMatch = (parts: readonly ThreadPart[], clauses: readonly Clause[]): HitDetails['match'] => {
  const first = parts[0];
  if (first === undefined) return null;
  const sequences = clauses.map((clause) => [...clause]);
  const index =
    clauses.length === 0
      ? 0
      : bestPart(
          parts.map((part) => ({ text: part.text ?? '' })),
          sequences,
        ).index;
  const part = parts[index] ?? first;
  const cut = snippet(part.text ?? '', sequences);
  return {
    partId: part.id,
    partType: part.part_type,
    authorType: part.author_type,
    authorName: part.author_name,
    createdAt: part.created_at,
    snippet: cut.text,
    highlights: cut.highlights,
  };
};

const groupBy = <T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
};
