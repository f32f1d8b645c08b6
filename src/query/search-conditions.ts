import type { Vocabulary } from '../data/reads/read-vocabulary.ts';
import type { SearchFilter, SearchNode } from '../data/search-filter.ts';
import type { Clause } from '../data/search-index/types.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import type { AuthorRole } from '../lib/author-role.ts';
import { isoTime } from './iso-time.ts';
import { type FieldContext, readField, rolesOf } from './search-fields.ts';
import { describeFilter, structuredNode } from './structured-filter.ts';
import type { TimeBounds } from './time-bounds.ts';
import type { FieldClause, ParsedQuery, QueryNode } from './search-grammar.ts';
import type { FieldValue, SearchInput } from './types.ts';

/** A question as the storage takes it, and as the answer states it. */
export interface Conditions {
  /** What must hold whatever happens: fields, exclusions, alternatives. */
  readonly fixed: readonly SearchNode[];
  /** Words and phrases of the query's top level, in order: of these the commonest may be dropped. */
  readonly loose: readonly Clause[];
  readonly roles: readonly AuthorRole[] | undefined;
  /** As they stand in `metadata.filters_applied`. */
  readonly applied: Readonly<Record<string, unknown>>;
}

const ALL_ROLES: readonly AuthorRole[] = ['customer', 'teammate', 'bot', 'note'];

const isFrom = (node: QueryNode): node is FieldClause => node.kind === 'field' && node.name === 'from';

/** `from:` says whose messages count for all words: it holds for the whole question, so it stands beside everything else. */
const readRoles = (nodes: readonly QueryNode[]): readonly AuthorRole[] | undefined => {
  const wanted = nodes.filter(isFrom).flatMap(({ values }) => rolesOf(values));
  const unwanted = nodes.flatMap((node) =>
    node.kind === 'not' && isFrom(node.node) ? rolesOf(node.node.values) : [],
  );
  if (wanted.length === 0 && unwanted.length === 0) return undefined;
  const base = wanted.length === 0 ? ALL_ROLES : ALL_ROLES.filter((role) => wanted.includes(role));
  return base.filter((role) => !unwanted.includes(role));
};

const isRoleNode = (node: QueryNode): boolean => isFrom(node) || (node.kind === 'not' && isFrom(node.node));

const toSearchNode = (node: QueryNode, context: FieldContext): SearchNode => {
  switch (node.kind) {
    case 'word':
    case 'phrase':
      return { kind: 'clause', clause: node.terms };
    case 'not':
      return { kind: 'not', node: toSearchNode(node.node, context) };
    case 'field':
      if (node.name === 'from')
        throw new AppError(
          'QUERY_INVALID',
          'from: may not stand in parentheses or beside OR; it holds for all words.',
        );
      return readField(node.name, node.values, context);
    default:
      return { kind: node.kind, nodes: node.nodes.map((child) => toSearchNode(child, context)) };
  }
};

/** Typed parameters that are fields of the query language. */
const FIELD_PARAMETERS = [
  'state',
  'tag',
  'team',
  'assignee',
  'contact',
  'company',
  'csat',
  'fin',
  'sla',
  'channel',
  'priority',
  'has',
  'reopened',
] as const satisfies readonly (keyof SearchInput)[];

const textOf = (value: unknown): string => String(value);
const listOf = (value: FieldValue): string[] =>
  typeof value === 'object' ? value.map(textOf) : [textOf(value)];

/** Names may hold a comma; words and numbers do not. */
const NAMES: readonly string[] = ['tag', 'team', 'assignee', 'contact', 'company', 'sla'];
const valuesOf = (name: string, value: FieldValue): string[] =>
  NAMES.includes(name)
    ? listOf(value)
    : listOf(value).flatMap((text) => text.split(',').map((each) => each.trim()));

/** A parameter that is a field. @throws AppError ARGUMENT_INVALID when it does not take the value */
const readParameter = (name: string, values: readonly string[], context: FieldContext): SearchNode => {
  try {
    return readField(name, values, context);
  } catch (error) {
    if (isAppError(error) && error.code === 'QUERY_INVALID')
      throw new AppError('ARGUMENT_INVALID', error.message);
    throw error;
  }
};

/** The parameters of a call as fields, and those that have no word in the query language. */
const readParameters = (input: SearchInput, context: FieldContext) => {
  const nodes: SearchNode[] = [];
  const applied: Record<string, unknown> = {};
  const add = (name: string, filter: SearchFilter, shown: unknown): void => {
    nodes.push({ kind: 'filter', filter });
    applied[name] = shown;
  };
  for (const name of FIELD_PARAMETERS) {
    const value = input[name];
    if (value === undefined) continue;
    const values = valuesOf(name, value);
    nodes.push(readParameter(name, values, context));
    applied[name] = values.length === 1 ? values[0] : values;
  }
  for (const [name, value] of Object.entries(input.attributes ?? {})) {
    nodes.push(readParameter(`attr.${name}`, listOf(value), context));
    applied.attributes = { ...(applied.attributes as object | undefined), [name]: value };
  }
  const email = input.customer_email?.trim().toLowerCase();
  if (email !== undefined) add('customer_email', { by: 'person', value: email }, email);
  for (const [name, by] of [
    ['team_assignee_id', 'team'],
    ['admin_assignee_id', 'admin'],
  ] as const) {
    const id = input[name];
    if (id !== undefined) add(name, { by, values: [id] }, id);
  }
  if (input.ids !== undefined) add('ids', { by: 'id', values: input.ids }, input.ids);
  for (const [name, condition] of Object.entries(input.conditions ?? {})) {
    nodes.push(structuredNode(condition, context));
    applied[name] = describeFilter(condition);
  }
  return { nodes, applied };
};

/** A time frame as it stands in `metadata.filters_applied`. */
export const appliedTime = (field: string, { end, start }: TimeBounds) => ({
  field,
  ...(start === undefined ? {} : { start: isoTime(start) }),
  ...(end === undefined ? {} : { end: isoTime(end) }),
});

/** Fields that stand at the query's top level are filters like the parameters. */
const appliedFields = (nodes: readonly QueryNode[]): Record<string, unknown> =>
  Object.fromEntries(
    nodes.flatMap((node) =>
      node.kind === 'field' ? [[node.name, node.values.length === 1 ? node.values[0] : node.values]] : [],
    ),
  );

/**
 * The whole of a question: query, parameters and time.
 * @throws AppError QUERY_INVALID when a field does not take its value
 */
export const readConditions = (
  input: SearchInput,
  parsed: ParsedQuery,
  bounds: TimeBounds | undefined,
  context: FieldContext,
): Conditions => {
  const parameters = readParameters(input, context);
  const from =
    input.from === undefined
      ? []
      : [{ kind: 'field', name: 'from', values: valuesOf('from', input.from) } as const];
  const roles = readRoles([...parsed.nodes, ...from]);
  const fixed: SearchNode[] = [...parameters.nodes];
  const loose: Clause[] = [];
  for (const node of parsed.nodes) {
    if (isRoleNode(node)) continue;
    const found = toSearchNode(node, context);
    if (found.kind === 'clause') loose.push(found.clause);
    else fixed.push(found);
  }
  const field = input.time_field ?? 'created_at';
  if (bounds !== undefined) fixed.push({ kind: 'filter', filter: { by: 'time', field, ...bounds } });
  const applied = {
    ...parameters.applied,
    ...(input.from === undefined ? {} : { from: input.from }),
    ...appliedFields(parsed.nodes),
    ...(bounds === undefined ? {} : { time: appliedTime(field, bounds) }),
  };
  return { fixed, loose, roles, applied };
};

/** Nothing is named yet. */
export const NO_NAMES: Vocabulary = { tags: [], teams: [], segments: [], admins: [], attributes: [] };

const NAMED: readonly string[] = ['tag', 'team', 'assignee'];

/** Whether names of the workspace have to be read to understand the question. */
export const needsNames = (input: SearchInput, nodes: readonly QueryNode[]): boolean => {
  const inQuery = (node: QueryNode): boolean => {
    if (node.kind === 'not') return inQuery(node.node);
    if (node.kind === 'and' || node.kind === 'or') return node.nodes.some(inQuery);
    return node.kind === 'field' && NAMED.includes(node.name);
  };
  return (
    input.conditions !== undefined ||
    input.tag !== undefined ||
    input.team !== undefined ||
    input.assignee !== undefined ||
    nodes.some(inQuery)
  );
};
