import { invalid } from '../errors.ts';
import { NOTHING, type Spans, spanOf } from '../live/spans.ts';
import { textOf } from '../text-of.ts';
import type { Filter } from './parse-query.ts';

export type FieldType = 'string' | 'integer' | 'date' | 'boolean';

const EQUALITY = ['=', '!=', 'IN', 'NIN'];
const ORDER = ['>', '<', '>=', '<='];
const TEXT = ['~', '!~', '^', '$'];
/** Which operators a type takes (API-FACTS 4.2, 4.9: `<=` and `>=` are in no table and work all the same). */
const ALLOWED: Readonly<Record<FieldType, ReadonlySet<string>>> = {
  string: new Set([...EQUALITY, ...TEXT]),
  integer: new Set([...EQUALITY, ...ORDER]),
  date: new Set([...EQUALITY, ...ORDER]),
  boolean: new Set(EQUALITY),
};

/** A number, or a string that is one: both occur (API-FACTS 4.1). @throws ApiError 400 */
export const numberOf = ({ field, value }: Filter): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
  throw invalid(`The value of '${field}' must be a number`);
};

/** Numbers and strings of the same digits are the same; null is nothing but null. */
const same = (a: unknown, b: unknown): boolean =>
  a === b || (a !== null && b !== null && textOf(a) === textOf(b));
const text = (value: unknown): string => textOf(value).toLowerCase();

const listOf = ({ field, operator, value }: Filter): readonly unknown[] => {
  if (!Array.isArray(value)) throw invalid(`${operator} on '${field}' needs a list of values`);
  return value as readonly unknown[];
};

const ordered = (operator: string, bound: number, inclusive: boolean): ((value: number) => boolean) => {
  if (operator === '>=' || (operator === '>' && inclusive)) return (value) => value >= bound;
  if (operator === '<=' || (operator === '<' && inclusive)) return (value) => value <= bound;
  return operator === '>' ? (value) => value > bound : (value) => value < bound;
};

const textTest = (operator: string, wanted: string): ((value: unknown) => boolean) => {
  switch (operator) {
    case '~':
    case '!~':
      return (value) => text(value).includes(wanted);
    case '^':
      return (value) => text(value).startsWith(wanted);
    default:
      return (value) => text(value).endsWith(wanted);
  }
};

/**
 * A filter as a test of one value, or of a list of which one has to fit.
 * @param inclusive `>` and `<` take their bound in (API-FACTS 4.2 leaves it open)
 * @throws ApiError 400 for an operator or a value that does not suit the type
 */
export const valueTest = (
  filter: Filter,
  type: FieldType,
  inclusive: boolean,
): ((value: unknown) => boolean) => {
  const { field, operator, value } = filter;
  if (!ALLOWED[type].has(operator)) throw invalid(`Operator '${operator}' is not supported for '${field}'`);
  if (ORDER.includes(operator)) {
    const fits = ordered(operator, numberOf(filter), inclusive);
    return (actual) => typeof actual === 'number' && fits(actual);
  }
  if (type === 'date' && value !== null && !Array.isArray(value)) numberOf(filter);
  const negative = operator === '!=' || operator === 'NIN' || operator === '!~';
  const wanted = operator === 'IN' || operator === 'NIN' ? listOf(filter) : [value];
  const fits = TEXT.includes(operator)
    ? textTest(operator, text(value))
    : (actual: unknown) => wanted.some((each) => same(actual, each));
  return (actual) => (Array.isArray(actual) ? actual.some(fits) : fits(actual)) !== negative;
};

/** A filter on a time of the index as spans; undefined for an operator that gives none. */
export const timeSpans = (filter: Filter, inclusive: boolean): Spans | undefined => {
  const { operator } = filter;
  if (operator === '=') return spanOf(numberOf(filter), numberOf(filter));
  if (operator === 'IN') return listOf(filter).length === 0 ? NOTHING : undefined;
  if (!ORDER.includes(operator)) return undefined;
  const bound = numberOf(filter);
  const closed = inclusive || operator.endsWith('=');
  return operator.startsWith('>')
    ? spanOf(closed ? bound : bound + 1, Number.POSITIVE_INFINITY)
    : spanOf(Number.NEGATIVE_INFINITY, closed ? bound : bound - 1);
};
