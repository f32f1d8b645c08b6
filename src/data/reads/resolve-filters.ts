import { fold } from '../../lib/text/fold.ts';
import type { ReadContext } from '../context.ts';
import type { Comparison, SearchFilter, SearchNode } from '../search-filter.ts';
import { attributeTerm, filterTerm, type IndexNode } from '../search-index/types.ts';

/** See `CompanyTable.name_key`. */
const MAX_KEY = 500;
/** Different values of one attribute that a comparison looks up; more are not told apart by an index of terms. */
const MAX_VALUES = 20_000;

/** A condition as the index takes it: names and addresses looked up. */
export const toIndexNode = async (
  context: ReadContext,
  workspaceId: string,
  node: SearchNode,
): Promise<IndexNode> => {
  switch (node.kind) {
    case 'clause':
      return node;
    case 'not':
      return { kind: 'not', node: await toIndexNode(context, workspaceId, node.node) };
    case 'filter':
      return resolveFilter(context, workspaceId, node.filter);
    default: {
      const nodes: IndexNode[] = [];
      for (const child of node.nodes) nodes.push(await toIndexNode(context, workspaceId, child));
      return { kind: node.kind, nodes };
    }
  }
};

const resolveFilter = async (
  context: ReadContext,
  workspaceId: string,
  filter: SearchFilter,
): Promise<IndexNode> => {
  const terms = (list: readonly string[]): IndexNode => ({ kind: 'terms', terms: list });
  switch (filter.by) {
    case 'person': {
      const ids = await contactIds(context, workspaceId, filter.value);
      return terms(ids.map((id) => filterTerm('contact', id)));
    }
    case 'firm': {
      const ids = await companyIds(context, workspaceId, filter.value);
      return terms(ids.map((id) => filterTerm('company', id)));
    }
    case 'attribute':
      return terms(await attributeTerms(context, workspaceId, filter));
    case 'column':
      return { kind: 'docs', docIds: await docIdsWhere(context, workspaceId, filter) };
    case 'id':
      return { kind: 'docs', docIds: await docIdsOf(context, workspaceId, filter.values) };
    case 'time': {
      const { by: _by, ...time } = filter;
      return { kind: 'time', ...time };
    }
    default: {
      const { by, values } = filter;
      return terms(values.map((value) => filterTerm(by, value)));
    }
  }
};

/** Contacts with this id, id of the customer's own, or address; several leads may share one. */
const contactIds = async ({ db }: ReadContext, workspaceId: string, value: string): Promise<string[]> => {
  const having = (column: 'email_key' | 'external_id', wanted: string) =>
    db.selectFrom('contacts').select('id').where('workspace_id', '=', workspaceId).where(column, '=', wanted);
  // An OR of both would read all contacts.
  const rows = await having('email_key', value.toLowerCase())
    .unionAll(having('external_id', value))
    .execute();
  // Also one that is not mirrored: conversations carry the ids of their contacts.
  return withAliases(db, workspaceId, [value, ...rows.map((row) => row.id)]);
};

/** Conversations keep the id of a contact that was merged, or have the new one: both mean the same person (TRAPS T47). */
const withAliases = async (
  db: ReadContext['db'],
  workspaceId: string,
  ids: readonly string[],
): Promise<string[]> => {
  const targets = await db
    .selectFrom('contact_aliases')
    .select('contact_id')
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute();
  const all = [...new Set([...ids, ...targets.map((row) => row.contact_id)])];
  const sources = await db
    .selectFrom('contact_aliases')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('contact_id', 'in', all)
    .execute();
  return [...new Set([...all, ...sources.map((row) => row.id)])];
};

const companyIds = async ({ db }: ReadContext, workspaceId: string, value: string): Promise<string[]> => {
  const having = (column: 'name_key' | 'company_id', wanted: string) =>
    db
      .selectFrom('companies')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where(column, '=', wanted);
  // An OR of both would read all companies.
  const rows = await having('name_key', fold(value).slice(0, MAX_KEY))
    .unionAll(having('company_id', value))
    .execute();
  return [...new Set([value, ...rows.map((row) => row.id)])];
};

type AttributeFilter = Extract<SearchFilter, { readonly by: 'attribute' }>;

const secondsOf = (value: string): number | undefined => {
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  const ms = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : value);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
};

/** The value as a term; for a comparison the terms of all stored values that compare so. */
const attributeTerms = async (
  { db }: ReadContext,
  workspaceId: string,
  { comparison, name, value }: AttributeFilter,
): Promise<string[]> => {
  if (comparison === '=') return [attributeTerm(name, fold(value))];
  const bound = secondsOf(value);
  if (bound === undefined) return [];
  const names = await attributeNames(db, workspaceId, name);
  if (names.length === 0) return [];
  const rows = await db
    .selectFrom('custom_attribute_values')
    .select('text_value')
    .distinct()
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', 'conversations')
    .where('name', 'in', names)
    .where('number_value', comparison satisfies Comparison, bound)
    .limit(MAX_VALUES)
    .execute();
  return rows.flatMap((row) => (row.text_value === null ? [] : [attributeTerm(name, fold(row.text_value))]));
};

/** The attributes whose folded name this is: names differ in case only by mistake. */
const attributeNames = async (
  db: ReadContext['db'],
  workspaceId: string,
  name: string,
): Promise<string[]> => {
  const rows = await db
    .selectFrom('conversation_attributes')
    .select('name')
    .where('workspace_id', '=', workspaceId)
    .execute();
  return rows.flatMap((row) => (row.name !== null && fold(row.name) === name ? [row.name] : []));
};

type ColumnFilter = Extract<SearchFilter, { readonly by: 'column' }>;

/** Every row is looked at: no index serves such a question. */
const docIdsWhere = async (
  { db, flavor }: ReadContext,
  workspaceId: string,
  { column, comparison, values }: ColumnFilter,
): Promise<number[]> => {
  const [first] = values;
  if (first === undefined) return [];
  const rows = await db
    .selectFrom('conversations')
    .select('doc_id')
    .where('workspace_id', '=', workspaceId)
    .where((eb) => {
      const cell = eb.ref(column);
      if (comparison === '=') return eb(cell, 'in', values);
      if (comparison === '!=') return eb.or([eb(cell, 'not in', values), eb(cell, 'is', null)]);
      return eb(cell, comparison, first);
    })
    .where(flavor.alive())
    .execute();
  return rows.map((row) => row.doc_id);
};

const docIdsOf = async (
  { db }: ReadContext,
  workspaceId: string,
  ids: readonly string[],
): Promise<number[]> => {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('conversations')
    .select('doc_id')
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute();
  return rows.map((row) => row.doc_id);
};
