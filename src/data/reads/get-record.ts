import { sql } from 'kysely';
import { fold } from '../../lib/text/fold.ts';
import type { ReadContext } from '../context.ts';
import { unpackText } from '../payload-codec.ts';
import { KINDS, type RecordKind, type RecordRow } from '../records/kinds.ts';

interface Named {
  readonly id: string;
  readonly name: string | null;
}

/** An object with what hangs on it. */
export interface RecordDetails {
  readonly row: RecordRow;
  /** Intercom's JSON of it. */
  readonly payload: string;
  readonly attributes: readonly { readonly name: string; readonly value: string | null }[];
  readonly tags: readonly Named[];
  readonly segments: readonly Named[];
  readonly companies: readonly Named[];
  /** Of a company: its contacts, the newest first, up to `MOST`; `contact_count` says how many. */
  readonly contacts: readonly (Named & { readonly email: string | null })[];
  readonly contactCount: number;
  /** Intercom's JSON of each note. */
  readonly notes: readonly string[];
  /** Ids of contacts that were merged into it. */
  readonly aliases: readonly string[];
}

/** See `CompanyTable.name_key`. */
const MAX_KEY = 500;
/** Names and notes that are shown at most. */
const MOST = 50;

const columnsOf = (kind: RecordKind) =>
  ['id', ...KINDS[kind].columns].map((column) => sql.ref(column).as(column));

/** The id that an object is stored under, by any of its ids; undefined where there is none. */
const resolve = async ({ db }: ReadContext, workspaceId: string, kind: RecordKind, given: string) => {
  const having = async (column: string, value: string): Promise<string | undefined> => {
    const row = await db
      .selectFrom(kind as 'contacts')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where(sql.ref(column), '=', value)
      .where('deleted_at', 'is', null)
      .orderBy('id')
      .executeTakeFirst();
    return row?.id;
  };
  const own = await having('id', given);
  if (own !== undefined) return own;
  if (kind === 'contacts') {
    const alias = await db
      .selectFrom('contact_aliases')
      .select('contact_id')
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', given)
      .executeTakeFirst();
    if (alias !== undefined) return alias.contact_id;
    return (await having('external_id', given)) ?? having('email_key', given.toLowerCase());
  }
  if (kind === 'companies')
    return (await having('company_id', given)) ?? having('name_key', fold(given).slice(0, MAX_KEY));
  return kind === 'tickets' ? having('ticket_id', given) : undefined;
};

/** Ids that hang on an object, with their names. */
const named = async (
  { db }: ReadContext,
  workspaceId: string,
  link: {
    readonly table: 'contact_tags' | 'contact_segments' | 'contact_companies';
    readonly column: string;
    readonly names: 'tags' | 'segments' | 'companies';
  },
  contactId: string,
): Promise<readonly Named[]> => {
  const rows = await db
    .selectFrom(link.table as 'contact_tags')
    .select(sql.ref<string>(link.column).as('id'))
    .where('workspace_id', '=', workspaceId)
    .where('contact_id', '=', contactId)
    .orderBy('id')
    .limit(MOST)
    .execute();
  if (rows.length === 0) return [];
  const names = await db
    .selectFrom(link.names as 'tags')
    .select(['id', 'name'])
    .where('workspace_id', '=', workspaceId)
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  const byId = new Map(names.map(({ id, name }) => [id, name]));
  return rows.map(({ id }) => ({ id, name: byId.get(id) ?? null }));
};

const contactsOf = async ({ db }: ReadContext, workspaceId: string, ids: readonly string[]) =>
  ids.length === 0
    ? []
    : db
        .selectFrom('contacts')
        .select(['id', 'name', 'email'])
        .where('workspace_id', '=', workspaceId)
        .where('id', 'in', ids)
        .orderBy('id')
        .execute();

const membersOf = async (context: ReadContext, workspaceId: string, companyId: string) => {
  const rows = await context.db
    .selectFrom('contact_companies')
    .select('contact_id')
    .where('workspace_id', '=', workspaceId)
    .where('company_id', '=', companyId)
    .orderBy('contact_id', 'desc')
    .execute();
  const ids = rows.slice(0, MOST).map((row) => row.contact_id);
  return { count: rows.length, contacts: await contactsOf(context, workspaceId, ids) };
};

const ticketContacts = async (context: ReadContext, workspaceId: string, ticketId: string) => {
  const rows = await context.db
    .selectFrom('ticket_contacts')
    .select('contact_id')
    .where('workspace_id', '=', workspaceId)
    .where('ticket_id', '=', ticketId)
    .orderBy('contact_id')
    .limit(MOST)
    .execute();
  const contacts = await contactsOf(
    context,
    workspaceId,
    rows.map((row) => row.contact_id),
  );
  return { count: rows.length, contacts };
};

const listsOfContact = async (context: ReadContext, workspaceId: string, id: string) => {
  const { db } = context;
  const notes = await db
    .selectFrom('contact_notes')
    .select(['note_id', 'payload'])
    .where('workspace_id', '=', workspaceId)
    .where('contact_id', '=', id)
    .orderBy('note_id')
    .limit(MOST)
    .execute();
  const aliases = await db
    .selectFrom('contact_aliases')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('contact_id', '=', id)
    .orderBy('id')
    .limit(MOST)
    .execute();
  return {
    tags: await named(context, workspaceId, { table: 'contact_tags', column: 'tag_id', names: 'tags' }, id),
    segments: await named(
      context,
      workspaceId,
      { table: 'contact_segments', column: 'segment_id', names: 'segments' },
      id,
    ),
    companies: await named(
      context,
      workspaceId,
      { table: 'contact_companies', column: 'company_id', names: 'companies' },
      id,
    ),
    notes: notes.flatMap(({ payload }) => (payload === null ? [] : [unpackText(payload)])),
    aliases: aliases.map((row) => row.id),
  };
};

const NO_LISTS = { tags: [], segments: [], companies: [], notes: [], aliases: [] };

/** An object by its id, or another id that people know it by; null where the mirror has none. */
export const getRecord = async (
  context: ReadContext,
  args: { readonly workspaceId: string; readonly kind: RecordKind; readonly id: string },
): Promise<RecordDetails | null> => {
  const { kind, workspaceId } = args;
  const id = await resolve(context, workspaceId, kind, args.id);
  if (id === undefined) return null;
  const found = (await context.db
    .selectFrom(kind as 'contacts')
    .select(columnsOf(kind))
    .select('payload')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()) as (RecordRow & { readonly payload: Uint8Array }) | undefined;
  if (found === undefined) return null;
  const { payload, ...row } = found;
  const attributes = await context.db
    .selectFrom('custom_attribute_values')
    .select(['name', 'text_value as value'])
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', kind)
    .where('object_id', '=', id)
    .orderBy('name')
    .orderBy('position')
    .execute();
  const lists = kind === 'contacts' ? await listsOfContact(context, workspaceId, id) : NO_LISTS;
  const people =
    kind === 'companies'
      ? await membersOf(context, workspaceId, id)
      : kind === 'tickets'
        ? await ticketContacts(context, workspaceId, id)
        : { count: 0, contacts: [] };
  return {
    row,
    payload: unpackText(payload),
    attributes,
    ...lists,
    contacts: people.contacts,
    contactCount: people.count,
  };
};
