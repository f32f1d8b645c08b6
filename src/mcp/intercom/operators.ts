import { AppError } from '../../errors/app-error.ts';
import type { FilterComparison } from '../../query/structured-filter.ts';

export type IntercomOperator = FilterComparison | '~' | '!~';

/** Operators of Intercom's search, of its MCP server's text form, and of its plugin (COMPETITORS B1; API-FACTS 3). */
const OPERATORS: Readonly<Record<string, IntercomOperator>> = {
  '=': '=',
  '==': '=',
  eq: '=',
  is: '=',
  in: '=',
  '!=': '!=',
  neq: '!=',
  ne: '!=',
  nin: '!=',
  not_in: '!=',
  '>': '>',
  gt: '>',
  '<': '<',
  lt: '<',
  '>=': '>=',
  gte: '>=',
  '<=': '<=',
  lte: '<=',
  '~': '~',
  contains: '~',
  '!~': '!~',
  not_contains: '!~',
};

export const isOperator = (text: string): boolean => Object.hasOwn(OPERATORS, text.toLowerCase());

/** @throws AppError ARGUMENT_INVALID that lists the known ones */
export const operatorOf = (text: unknown): IntercomOperator => {
  const name = typeof text === 'string' ? text.trim().toLowerCase() : '';
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (operator !== undefined) return operator;
  throw new AppError('ARGUMENT_INVALID', `There is no operator "${String(text).slice(0, 20)}".`, {
    remedy: 'Use one of: =, !=, >, <, >=, <=, ~, !~, IN, NIN.',
  });
};
