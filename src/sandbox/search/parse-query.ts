import { ApiError, invalid } from '../errors.ts';
import { allOf, anyOf, type Condition } from './condition.ts';

/** Limits of a query (API-FACTS 4.1): groups within the outermost group, and filters in one group. */
const MAX_NESTING = 2;
const MAX_FILTERS = 15;

export interface Filter {
  readonly field: string;
  readonly operator: string;
  readonly value: unknown;
}

interface Node {
  readonly field?: unknown;
  readonly operator?: unknown;
  readonly value?: unknown;
}

const parseGroup = (node: Node, leaf: (filter: Filter) => Condition, depth: number): Condition => {
  const { operator, value } = node;
  if (operator !== 'AND' && operator !== 'OR')
    throw invalid('query needs a field, or AND or OR as its operator');
  if (!Array.isArray(value) || value.length === 0) throw invalid(`${operator} needs a list of filters`);
  if (value.length > MAX_FILTERS) throw invalid(`at most ${MAX_FILTERS} filters are allowed in a group`);
  if (depth > MAX_NESTING) throw invalid(`at most ${MAX_NESTING} levels of groups are allowed`);
  const children = value.map((child: unknown) => parse(child, leaf, depth + 1));
  return operator === 'AND' ? allOf(children) : anyOf(children);
};

const parse = (node: unknown, leaf: (filter: Filter) => Condition, depth: number): Condition => {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) throw invalid('query is malformed');
  const { field, operator, value } = node as Node;
  if (field === undefined) return parseGroup(node, leaf, depth);
  if (typeof field !== 'string' || typeof operator !== 'string')
    throw invalid('a filter needs a field and an operator');
  return leaf({ field, operator, value });
};

/** The `query` of a search body. @throws ApiError 400 */
export const parseQuery = (query: unknown, leaf: (filter: Filter) => Condition): Condition =>
  parse(query, leaf, 0);

export const unknownField = (field: string): ApiError =>
  new ApiError(400, 'invalid_field', `Field '${field}' is not supported`);
