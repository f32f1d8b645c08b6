import type { Comparison, FilterColumn, SearchNode } from '../data/search-filter.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { type FieldContext, readField } from './search-fields.ts';
import { isText, parseQuery } from './search-grammar.ts';

export type { FilterColumn } from '../data/search-filter.ts';
export { FILTER_COLUMNS } from '../data/search-filter.ts';
export type FilterComparison = Comparison | '!=';

/** Conditions as a tree, for those who do not write the query language. */
export type StructuredFilter =
  | { readonly kind: 'all' | 'any'; readonly filters: readonly StructuredFilter[] }
  /** A field of the query language has one of the values, or none of them. */
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly values: readonly string[];
      readonly not: boolean;
    }
  | {
      readonly kind: 'column';
      readonly column: FilterColumn;
      readonly comparison: FilterComparison;
      readonly values: readonly (string | number)[];
    }
  /** Words and phrases that some message has, all of them; or not all of them. */
  | { readonly kind: 'words'; readonly text: string; readonly not: boolean };

const negatedIf = (not: boolean, node: SearchNode): SearchNode => (not ? { kind: 'not', node } : node);

/** Only words and phrases count: what else a query may hold has conditions of its own. */
const wordsNode = (text: string): SearchNode => ({
  kind: 'and',
  nodes: parseQuery(text)
    .nodes.filter(isText)
    .map(({ terms }) => ({ kind: 'clause', clause: terms })),
});

/** A condition as the storage takes it. @throws AppError ARGUMENT_INVALID when a field does not take its value */
export const structuredNode = (filter: StructuredFilter, context: FieldContext): SearchNode => {
  switch (filter.kind) {
    case 'field':
      try {
        return negatedIf(filter.not, readField(filter.name, filter.values, context));
      } catch (error) {
        if (isAppError(error, 'QUERY_INVALID')) throw new AppError('ARGUMENT_INVALID', error.message);
        throw error;
      }
    case 'column': {
      const { column, comparison, values } = filter;
      return { kind: 'filter', filter: { by: 'column', column, comparison, values } };
    }
    case 'words':
      return negatedIf(filter.not, wordsNode(filter.text));
    default:
      return {
        kind: filter.kind === 'all' ? 'and' : 'or',
        nodes: filter.filters.map((each) => structuredNode(each, context)),
      };
  }
};

/** A condition in words, for `metadata.filters_applied`. */
export const describeFilter = (filter: StructuredFilter): string => {
  switch (filter.kind) {
    case 'field':
      return `${filter.not ? '-' : ''}${filter.name}:${filter.values.join(',')}`;
    case 'column':
      return `${filter.column} ${filter.comparison} ${filter.values.join(',')}`;
    case 'words':
      return `${filter.not ? '-' : ''}"${filter.text}"`;
    default:
      return `(${filter.filters.map(describeFilter).join(filter.kind === 'all' ? ' AND ' : ' OR ')})`;
  }
};
