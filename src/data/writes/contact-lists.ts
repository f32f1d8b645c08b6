import type { WriteContext } from '../context.ts';
import type { WriteDb } from '../db.ts';
import { packPayload } from '../payload-codec.ts';
import { assertFence, type Fence } from './fence.ts';
import { PRIORITY } from '../fetch-priority.ts';
import { dequeue, enqueue, type FetchFailure, noteFailures } from './fetch-queue.ts';
import { upsertRows } from './upsert-rows.ts';

/** What a contact embeds of one of its lists. */
interface EmbeddedList {
  readonly ids: readonly string[];
  readonly total: number;
  readonly hasMore: boolean;
}

type ContactList = 'tags' | 'notes' | 'companies';

/** Undefined where nothing is known of a list. */
export type EmbeddedLists = Readonly<Record<ContactList, EmbeddedList | undefined>>;

/** Table and column of each list, and the name under which contacts wait for it. */
const LISTS = {
  tags: { table: 'contact_tags', column: 'tag_id' },
  companies: { table: 'contact_companies', column: 'company_id' },
  notes: { table: 'contact_notes', column: 'note_id' },
} as const;

interface StoredEntry {
  readonly id: string;
  /** Nothing of it is left to be fetched. */
  readonly whole: boolean;
}

interface ContactToList {
  readonly columns: { readonly id: string; readonly created_at: number | null };
  readonly lists: EmbeddedLists;
}

/**
 * Takes over what contacts embed of their lists, in the transaction that stores the contacts. Where that is a beginning
 * only, or notes without their text, the contact is queued, unless all of it is here already.
 */
export const putEmbeddedLists = async (
  db: WriteDb,
  workspaceId: string,
  contacts: readonly ContactToList[],
): Promise<void> => {
  for (const list of Object.keys(LISTS) as ContactList[]) {
    const having = contacts.flatMap(({ columns, lists }) => {
      const embedded = lists[list];
      return embedded === undefined ? [] : [{ columns, embedded }];
    });
    if (having.length === 0) continue;
    const stored = await storedEntries(
      db,
      workspaceId,
      list,
      having.map(({ columns }) => columns.id),
    );
    const due: ContactToList['columns'][] = [];
    const added: { readonly contactId: string; readonly id: string }[] = [];
    for (const { columns, embedded } of having) {
      const known = stored.get(columns.id) ?? [];
      const knownIds = new Set(known.map(({ id }) => id));
      const fresh = embedded.ids.filter((id) => !knownIds.has(id));
      added.push(...fresh.map((id) => ({ contactId: columns.id, id })));
      const isWhole = embedded.hasMore
        ? fresh.length === 0 && known.length === embedded.total
        : known.every(({ id }) => embedded.ids.includes(id));
      if (!embedded.hasMore && !isWhole) await removeEntries(db, workspaceId, list, columns.id, embedded.ids);
      const isTextMissing = list === 'notes' && (fresh.length > 0 || known.some(({ whole }) => !whole));
      if ((embedded.hasMore && !isWhole) || isTextMissing) due.push(columns);
    }
    await addEntries(db, workspaceId, list, added);
    await enqueue(
      db,
      workspaceId,
      `contact_${list}`,
      due.map(({ created_at, id }) => ({ id, createdAt: created_at ?? 0, wantedUpdatedAt: 0 })),
      { priority: PRIORITY.backfill, since: 0 },
    );
  }
};

const storedEntries = async (
  db: WriteDb,
  workspaceId: string,
  list: ContactList,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, readonly StoredEntry[]>> => {
  const rows =
    list === 'notes'
      ? await db
          .selectFrom('contact_notes')
          .select(['contact_id', 'note_id as id', (eb) => eb('payload', 'is not', null).as('whole')])
          .where('workspace_id', '=', workspaceId)
          .where('contact_id', 'in', contactIds)
          .execute()
      : await db
          .selectFrom(LISTS[list].table as 'contact_tags')
          .select(['contact_id', `${LISTS[list].column as 'tag_id'} as id`])
          .where('workspace_id', '=', workspaceId)
          .where('contact_id', 'in', contactIds)
          .execute();
  const byContact = new Map<string, StoredEntry[]>();
  for (const row of rows) {
    const entries = byContact.get(row.contact_id) ?? [];
    entries.push({ id: row.id, whole: 'whole' in row ? Boolean(row.whole) : true });
    byContact.set(row.contact_id, entries);
  }
  return byContact;
};

const removeEntries = async (
  db: WriteDb,
  workspaceId: string,
  list: ContactList,
  contactId: string,
  except: readonly string[],
): Promise<void> => {
  let query = db
    .deleteFrom(LISTS[list].table as 'contact_tags')
    .where('workspace_id', '=', workspaceId)
    .where('contact_id', '=', contactId);
  if (except.length > 0) query = query.where(LISTS[list].column as 'tag_id', 'not in', except);
  await query.execute();
};

const addEntries = (
  db: WriteDb,
  workspaceId: string,
  list: ContactList,
  entries: readonly { readonly contactId: string; readonly id: string }[],
): Promise<void> => {
  const { column, table } = LISTS[list];
  return upsertRows(
    db,
    table,
    ['workspace_id', 'contact_id', column],
    entries.map(({ contactId, id }) => ({
      workspace_id: workspaceId,
      contact_id: contactId,
      [column]: id,
      ...(list === 'notes' ? { author_id: null, created_at: null, payload: null } : {}),
    })),
  );
};

export interface ApplyContactListsArgs {
  readonly fence: Fence;
  readonly list: ContactList;
  /** Whole lists, each with all of its objects. */
  readonly contacts: readonly {
    readonly contactId: string;
    readonly rows: readonly {
      readonly id: string;
      readonly authorId: string | null;
      readonly createdAt: number | null;
      readonly payload: string;
    }[];
  }[];
  readonly failures: readonly FetchFailure[];
  readonly confirmAfterMs: number;
}

/**
 * Stores whole lists of contacts and takes them off the queue. A contact that is gone, twice, waits no longer; what is
 * stored of it stays until its own deletion is seen.
 */
export const applyContactLists = async (
  context: WriteContext,
  args: ApplyContactListsArgs,
): Promise<void> => {
  const { db } = context;
  const { list } = args;
  const { workspaceId } = args.fence;
  await assertFence(context, args.fence);
  const { column, table } = LISTS[list];
  for (const { contactId, rows } of args.contacts) {
    await removeEntries(
      db,
      workspaceId,
      list,
      contactId,
      rows.map(({ id }) => id),
    );
    const unique = [...new Map(rows.map((row) => [row.id, row])).values()];
    await upsertRows(
      db,
      table,
      ['workspace_id', 'contact_id', column],
      unique.map(({ authorId, createdAt, id, payload }) => ({
        workspace_id: workspaceId,
        contact_id: contactId,
        [column]: id,
        ...(list === 'notes'
          ? { author_id: authorId, created_at: createdAt, payload: packPayload(payload) }
          : {}),
      })),
    );
  }
  const queue = `contact_${list}`;
  const gone = await noteFailures(context, workspaceId, queue, args.failures, args.confirmAfterMs);
  await dequeue(db, workspaceId, queue, [...args.contacts.map(({ contactId }) => contactId), ...gone]);
};
