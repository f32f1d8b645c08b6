import { sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { unpackText } from '../payload-codec.ts';
import { KINDS, type RecordKind, type RecordRow } from '../records/kinds.ts';
import { wordScore } from '../records/match-words.ts';
import { TopRows } from '../search-index/top-rows.ts';

export type { RecordKind, RecordRow };

/** What an object must be like: of each list one is enough, of all conditions each must hold. */
export type RecordFilter =
  /** A column has one of these values. */
  | { readonly by: 'column'; readonly column: string; readonly values: readonly (string | number)[] }
  /** A list that hangs on it has one of these ids. */
  | {
      readonly by: 'member';
      readonly table: 'contact_tags' | 'contact_companies' | 'contact_segments' | 'ticket_contacts';
      readonly own: 'contact_id' | 'ticket_id';
      readonly other: 'tag_id' | 'company_id' | 'segment_id' | 'contact_id';
      readonly ids: readonly string[];
    }
  /** A custom attribute has this value; name and value as they are written. */
  | { readonly by: 'attribute'; readonly name: string; readonly value: string }
  | {
      readonly by: 'time';
      readonly column: 'created_at' | 'updated_at';
      readonly start?: number;
      readonly end?: number;
    };

export interface RecordPosition {
  readonly score: number;
  readonly time: number;
  readonly id: string;
}

export interface ListRecordsArgs {
  readonly workspaceId: string;
  readonly kind: RecordKind;
  /** Folded; all must occur. */
  readonly words: readonly string[];
  readonly filters: readonly RecordFilter[];
  readonly after?: RecordPosition;
  readonly limit: number;
}

export interface ListedRecords {
  readonly total: number;
  readonly rows: readonly (RecordPosition & { readonly row: RecordRow })[];
  readonly hasMore: boolean;
}

const ROWS_PER_STATEMENT = 5_000;
/** Objects whose payload is read are larger. */
const PAYLOADS_PER_STATEMENT = 200;

/** The best first, then the newest, then by id: a total order, alike on both engines. */
const compare = (a: RecordPosition, b: RecordPosition): number =>
  b.score - a.score || b.time - a.time || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

const filtered = ({ db }: ReadContext, { filters, kind, workspaceId }: ListRecordsArgs) => {
  // Which table it is is known at run time only; all of them have these columns.
  let query = db
    .selectFrom(kind as 'contacts')
    .where('workspace_id', '=', workspaceId)
    .where('deleted_at', 'is', null);
  for (const filter of filters) {
    if (filter.by === 'column')
      query =
        filter.values.length === 0
          ? query.where(sql<boolean>`1 = 0`)
          : query.where(sql.ref(filter.column), 'in', filter.values);
    else if (filter.by === 'member') {
      const members = db
        .selectFrom(filter.table as 'contact_tags')
        .select(sql.ref<string>(filter.own).as('id'))
        .where('workspace_id', '=', workspaceId)
        .where(sql.ref(filter.other), 'in', ['', ...filter.ids]);
      query = query.where('id', 'in', members);
    } else if (filter.by === 'attribute') {
      const having = db
        .selectFrom('custom_attribute_values')
        .select('object_id')
        .where('workspace_id', '=', workspaceId)
        .where('entity', '=', kind)
        .where('name', '=', filter.name)
        .where('text_value', '=', filter.value);
      query = query.where('id', 'in', having);
    } else {
      if (filter.start !== undefined) query = query.where(filter.column, '>=', filter.start);
      if (filter.end !== undefined) query = query.where(filter.column, '<', filter.end);
    }
  }
  return query;
};

const text = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);

/** Objects of a kind by words and filters. Totals are exact; every object of the kind that passes the filters is looked at. */
export const listRecords = async (context: ReadContext, args: ListRecordsArgs): Promise<ListedRecords> => {
  const { columns, payloadTexts, words: fields } = KINDS[args.kind];
  const { after, limit, words } = args;
  const withPayload = payloadTexts !== undefined && words.length > 0;
  const chunk = withPayload ? PAYLOADS_PER_STATEMENT : ROWS_PER_STATEMENT;
  const top = new TopRows<RecordPosition & { readonly row: RecordRow }>(limit + 1, compare);
  let total = 0;
  for (let last = ''; ; ) {
    context.alive();
    const rows = (await filtered(context, args)
      .select(['id', ...columns.map((column) => sql.ref(column).as(column))])
      .$if(withPayload, (query) => query.select('payload'))
      .where('id', '>', last)
      .where(context.flavor.alive())
      .orderBy('id')
      .limit(chunk)
      .execute()) as readonly (Record<string, unknown> & { readonly id: string })[];
    for (const { payload, ...row } of rows) {
      const bodies = (): readonly string[] =>
        withPayload
          ? payloadTexts(JSON.parse(unpackText(payload as Uint8Array)) as Record<string, unknown>)
          : [];
      const score =
        words.length === 0
          ? 0
          : wordScore(
              words,
              fields.map((name) => text(row[name])),
              bodies,
            );
      if (words.length > 0 && score === 0) continue;
      total += 1;
      const found = { score, time: Number(row.created_at ?? 0), id: row.id, row };
      if (after === undefined || compare(found, after) > 0) top.add(found);
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < chunk) break;
    last = end.id;
  }
  const sorted = top.sorted();
  return { total, rows: sorted.slice(0, limit), hasMore: sorted.length > limit };
};
