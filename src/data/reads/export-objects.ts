import type { ReadContext } from '../context.ts';
import type { EntityName } from '../entity-names.ts';
import { SMALL_TABLE_KEYS, type SmallEntity } from '../listed-entities.ts';
import { unpackText } from '../payload-codec.ts';
import { sql } from 'kysely';

/** What can be exported besides conversations. */
export type ExportedEntity = Exclude<EntityName, 'conversations'>;

export interface ExportObjectsArgs {
  readonly workspaceId: string;
  readonly entity: ExportedEntity;
  /** Objects behind this one. */
  readonly after?: string;
  readonly limit: number;
  /** Only those changed at or after this time, Unix seconds; where objects have no time of change, when they were fetched. */
  readonly since?: number;
  /** Deleted ones too. */
  readonly deleted: boolean;
}

/** What a contact has of its lists, also what Intercom embeds in no contact. */
export interface ExportedLists {
  readonly tags: readonly string[];
  readonly companies: readonly string[];
  /** Intercom's JSON of each note; of one whose text is not here yet, its id alone. */
  readonly notes: readonly string[];
}

export interface ExportedObject {
  readonly key: string;
  /** Intercom's JSON, character for character. */
  readonly payload: string;
  /** Unix seconds. */
  readonly fetchedAt: number;
  readonly deletedAt: number | null;
  /** Of companies: a list shows it. */
  readonly listed?: boolean;
  /** Of tickets: it has more parts than Intercom gives. */
  readonly partsTruncated?: boolean;
  /** Of contacts. */
  readonly lists?: ExportedLists;
}

const keyOf = (entity: ExportedEntity): string =>
  entity in SMALL_TABLE_KEYS ? SMALL_TABLE_KEYS[entity as SmallEntity] : 'id';

/** Objects without a time of change of their own. */
const UNTIMED: ReadonlySet<string> = new Set([
  'admins',
  'teams',
  'tags',
  'ticket_states',
  'subscription_types',
]);

/** A page of objects in the order of their ids. Keyset, so that memory stays flat at any size. */
export const exportObjects = async (
  context: ReadContext,
  args: ExportObjectsArgs,
): Promise<readonly ExportedObject[]> => {
  const { db, flavor } = context;
  const { after, entity, since, workspaceId } = args;
  const key = sql.ref<string>(keyOf(entity));
  // Which table it is is known at run time only; all of them have these columns.
  let query = db
    .selectFrom(entity as 'companies')
    .select([key.as('key'), 'payload', 'fetched_at', 'deleted_at'])
    .where('workspace_id', '=', workspaceId)
    .where(flavor.alive());
  if (entity === 'companies') query = query.select('listed');
  if (entity === 'tickets') query = query.select('parts_truncated' as 'listed');
  if (!args.deleted) query = query.where('deleted_at', 'is', null);
  if (since !== undefined)
    query = query.where(
      UNTIMED.has(entity) ? sql<number>`fetched_at` : sql<number>`coalesce(updated_at, fetched_at)`,
      '>=',
      since,
    );
  if (after !== undefined) query = query.where(key, '>', after);
  const rows: readonly (Record<string, unknown> & {
    readonly key: string;
    readonly payload: Uint8Array;
    readonly fetched_at: number;
    readonly deleted_at: number | null;
  })[] = await query.orderBy(key).limit(args.limit).execute();
  const lists =
    entity === 'contacts'
      ? await listsOf(
          context,
          workspaceId,
          rows.map((row) => row.key),
        )
      : undefined;
  return rows.map((row) => ({
    key: row.key,
    payload: unpackText(row.payload),
    fetchedAt: row.fetched_at,
    deletedAt: row.deleted_at,
    ...(entity === 'companies' ? { listed: row['listed'] === 1 } : {}),
    ...(entity === 'tickets' ? { partsTruncated: row['parts_truncated'] === 1 } : {}),
    ...(lists === undefined ? {} : { lists: lists(row.key) }),
  }));
};

const listsOf = async ({ db }: ReadContext, workspaceId: string, ids: readonly string[]) => {
  const of = <Row extends { readonly contact_id: string }>(rows: readonly Row[]) =>
    Map.groupBy(rows, (row) => row.contact_id);
  const contactIds = ['', ...ids];
  const tags = of(
    await db
      .selectFrom('contact_tags')
      .select(['contact_id', 'tag_id'])
      .where('workspace_id', '=', workspaceId)
      .where('contact_id', 'in', contactIds)
      .orderBy('tag_id')
      .execute(),
  );
  const companies = of(
    await db
      .selectFrom('contact_companies')
      .select(['contact_id', 'company_id'])
      .where('workspace_id', '=', workspaceId)
      .where('contact_id', 'in', contactIds)
      .orderBy('company_id')
      .execute(),
  );
  const notes = of(
    await db
      .selectFrom('contact_notes')
      .select(['contact_id', 'note_id', 'payload'])
      .where('workspace_id', '=', workspaceId)
      .where('contact_id', 'in', contactIds)
      .orderBy('note_id')
      .execute(),
  );
  return (id: string): ExportedLists => ({
    tags: (tags.get(id) ?? []).map((row) => row.tag_id),
    companies: (companies.get(id) ?? []).map((row) => row.company_id),
    notes: (notes.get(id) ?? []).map((row) =>
      row.payload === null ? JSON.stringify({ type: 'note', id: row.note_id }) : unpackText(row.payload),
    ),
  });
};
