import { AppError } from '../../errors/app-error.ts';
import type { StructuredFilter } from '../../query/structured-filter.ts';
import { fieldCondition } from './fields.ts';
import { isOperator, operatorOf } from './operators.ts';

/** What a query in one of Intercom's forms asks for, in our own terms. */
export interface IntercomQuery {
  /** Singular: conversation, contact, company. */
  readonly objectType: string | undefined;
  /** Words for the full-text search. */
  readonly query: string | undefined;
  readonly condition: StructuredFilter | undefined;
  readonly limit: number | undefined;
  readonly cursor: string | undefined;
}

const MAX_DEPTH = 8;
const MOST_CONDITIONS = 200;

const invalid = (message: string): AppError => new AppError('ARGUMENT_INVALID', message);

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The words of a query that stand beside everything else: they are searched for and ranked by, not only filtered. */
const isPlainWords = (filter: StructuredFilter): filter is StructuredFilter & { readonly kind: 'words' } =>
  filter.kind === 'words' && !filter.not;

const split = (filters: readonly StructuredFilter[]): Pick<IntercomQuery, 'query' | 'condition'> => {
  const texts = filters.filter(isPlainWords).map(({ text }) => text);
  const rest = filters.filter((filter) => !isPlainWords(filter));
  const [only] = rest;
  return {
    query: texts.length === 0 ? undefined : texts.join(' '),
    condition: rest.length < 2 ? only : { kind: 'all', filters: rest },
  };
};

/** `{field, operator, value}`, or `{operator: "AND", value: [...]}` of such. */
const readTree = (tree: unknown, depth: number, left: { count: number }): StructuredFilter => {
  if (depth > MAX_DEPTH) throw invalid(`A query may be at most ${MAX_DEPTH} levels deep.`);
  left.count -= 1;
  if (left.count < 0) throw invalid(`A query may have at most ${MOST_CONDITIONS} conditions.`);
  if (!isObject(tree)) throw invalid('A condition is an object with field, operator and value.');
  const joint = typeof tree.operator === 'string' ? tree.operator.toUpperCase() : '';
  if (joint !== 'AND' && joint !== 'OR') {
    if (typeof tree.field !== 'string') throw invalid('A condition needs field, operator and value.');
    return fieldCondition(tree.field, operatorOf(tree.operator), tree.value);
  }
  const inner: readonly unknown[] = Array.isArray(tree.value) ? tree.value : [];
  if (inner.length === 0) throw invalid(`The value of ${joint} is a list of conditions.`);
  return {
    kind: joint === 'AND' ? 'all' : 'any',
    filters: inner.map((each) => readTree(each, depth + 1, left)),
  };
};

/** The filter of Intercom's plugin and of its API, as an object. @throws AppError ARGUMENT_INVALID */
const fromTree = (tree: unknown): IntercomQuery => {
  const filter = readTree(tree, 0, { count: MOST_CONDITIONS });
  return {
    objectType: undefined,
    ...split(filter.kind === 'all' ? filter.filters : [filter]),
    limit: undefined,
    cursor: undefined,
  };
};

const treeOf = (query: unknown): unknown => {
  if (typeof query !== 'string' || !query.trim().startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(query);
    return isObject(parsed) && 'operator' in parsed ? parsed : undefined;
  } catch {
    return undefined;
  }
};

const TOKENS = /(?:[^\s"]|"(?:[^"\\]|\\.)*"?)+/g;
const unquoted = (text: string): string =>
  /^"[^]*"$/.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text;

/** `name:value` or `name:operator:value`. */
const partsOf = (token: string): { name: string; operator: string; value: string } | undefined => {
  const [, name, rest = ''] = /^([A-Za-z][\w.]*):([^]*)$/.exec(token) ?? [];
  if (name === undefined) return undefined;
  const [, operator, value] = /^([^:"\s]{1,12}):([^]*)$/.exec(rest) ?? [];
  return operator !== undefined && value !== undefined && isOperator(operator)
    ? { name, operator, value: unquoted(value) }
    : { name, operator: '=', value: unquoted(rest) };
};

const wholeNumber = (name: string, text: string): number => {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw invalid(`${name} takes a whole number.`);
};

/** `conversations` → `conversation`. */
export const objectTypeOf = (type: unknown): string | undefined =>
  typeof type === 'string' ? type.trim().toLowerCase().replace(/ies$/, 'y').replace(/s$/, '') : undefined;

/** `object_type:conversations state:open source_type:neq:email q:"free text" limit:10`. */
const fromText = (text: string): IntercomQuery => {
  const filters: StructuredFilter[] = [];
  const known: { objectType?: string | undefined; limit?: number; cursor?: string } = {};
  for (const token of text.match(TOKENS) ?? []) {
    const part = partsOf(token);
    if (part === undefined) filters.push({ kind: 'words', text: token, not: false });
    else if (part.name === 'object_type') known.objectType = objectTypeOf(part.value);
    else if (part.name === 'limit' || part.name === 'per_page')
      known.limit = wholeNumber(part.name, part.value);
    else if (part.name === 'starting_after') known.cursor = part.value;
    else if (part.value !== '')
      filters.push(fieldCondition(part.name, operatorOf(part.operator), part.value));
  }
  return {
    objectType: known.objectType,
    ...split(filters),
    limit: known.limit,
    cursor: known.cursor,
  };
};

const IN_TEXT = /(?:^|\s)object_type:/i;

/**
 * A query as Intercom's own MCP server, its plugin or its API take it (COMPETITORS B1); undefined for one of our language.
 * @throws AppError ARGUMENT_INVALID for fields, operators and values that are not known
 */
export const readIntercomQuery = (query: unknown): IntercomQuery | undefined => {
  const tree = treeOf(query);
  if (tree !== undefined) return fromTree(tree);
  return typeof query === 'string' && IN_TEXT.test(query) ? fromText(query) : undefined;
};

/** `{operator, value}`, a list of such, or a bare value, of a parameter that is one of Intercom's fields. */
export const readIntercomParameter = (name: string, given: unknown): StructuredFilter => {
  const list: readonly unknown[] = Array.isArray(given) && given.every(isObject) ? given : [given];
  if (list.length === 0 || list.length > MOST_CONDITIONS) throw invalid(`${name} takes a value.`);
  const filters = list.map((each) =>
    isObject(each)
      ? fieldCondition(name, operatorOf(each.operator ?? '='), each.value)
      : fieldCondition(name, '=', each),
  );
  const [only] = filters;
  return filters.length === 1 && only !== undefined ? only : { kind: 'all', filters };
};
