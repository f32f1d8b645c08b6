import { AppError } from '../../errors/app-error.ts';
import { nearest } from '../../lib/nearest.ts';
import { FILTER_COLUMNS, type FilterColumn, type StructuredFilter } from '../../query/structured-filter.ts';
import type { IntercomOperator } from './operators.ts';

type Value = string | number | boolean | null;
type Reader = (operator: IntercomOperator, values: readonly Value[], name: string) => StructuredFilter;

const refuse = (name: string, what: string): AppError =>
  new AppError('ARGUMENT_INVALID', `${name} ${what}.`, {
    remedy: 'Use another operator, or the query language of search_conversations.',
  });

const isNothing = (value: Value): boolean => value === null || value === '' || value === 0 || value === '0';
/** Intercom's words that the query language has another for (API-FACTS 6.7). */
const FIN_WORDS: Readonly<Record<string, string>> = { routed_to_team: 'handoff' };

/** A field of the query language that has one of the values, or none of them. */
const languageField =
  (field: string, wordOf: (value: Value) => string = String): Reader =>
  (operator, values, name) => {
    if (operator !== '=' && operator !== '!=') throw refuse(name, `does not take the operator ${operator}`);
    return { kind: 'field', name: field, values: values.map(wordOf), not: operator === '!=' };
  };

/** Somebody or something with an id; Intercom's 0 and null stand for none. */
const idField = (field: string): Reader =>
  languageField(field, (value) => (isNothing(value) ? 'none' : String(value)));

/** A number of the query language, which compares, too. */
const countedField =
  (field: string): Reader =>
  (operator, values, name) => {
    if (operator === '~' || operator === '!~') throw refuse(name, `does not take the operator ${operator}`);
    const isEqual = operator === '=' || operator === '!=';
    const words = values.map((value) => (value === null ? 'none' : `${isEqual ? '' : operator}${value}`));
    return { kind: 'field', name: field, values: words, not: operator === '!=' };
  };

/** What the columns of both engines hold. */
const MOST = 0x7fff_ffff;

/** A whole number, or Unix seconds of a date or time in text; days are those of UTC, as in Intercom's API. */
const numberOf = (name: string, value: Value): number => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = Number(value);
  if (value !== null && value !== '' && Number.isInteger(number))
    return Math.max(-MOST, Math.min(MOST, number));
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(ms)) return Math.floor(ms / 1000);
  throw refuse(name, 'takes a whole number, or a date such as "2026-09-14"');
};

const TEXTS: readonly FilterColumn[] = [
  'id',
  'source_author_type',
  'source_author_name',
  'source_author_email',
];

const columnField =
  (column: FilterColumn): Reader =>
  (operator, values, name) => {
    if (operator === '~' || operator === '!~') throw refuse(name, `does not take the operator ${operator}`);
    const isText = TEXTS.includes(column);
    if (isText && operator !== '=' && operator !== '!=')
      throw refuse(name, `does not take the operator ${operator}`);
    const given = values.map((value) => (isText ? String(value) : numberOf(name, value)));
    return { kind: 'column', column, comparison: operator, values: given };
  };

const words: Reader = (operator, values, name) => {
  if (operator !== '=' && operator !== '~' && operator !== '!=' && operator !== '!~')
    throw refuse(name, `does not take the operator ${operator}`);
  const filters = values.map(
    (value): StructuredFilter => ({ kind: 'words', text: String(value), not: false }),
  );
  const [only] = filters;
  const any: StructuredFilter = filters.length === 1 && only ? only : { kind: 'any', filters };
  if (operator === '=' || operator === '~') return any;
  return {
    kind: 'all',
    filters: values.map((value): StructuredFilter => ({ kind: 'words', text: String(value), not: true })),
  };
};

const isTrue = (value: Value): boolean => value === true || value === 'true' || value === 1;

/** `open` is true of snoozed conversations, too. */
const openField: Reader = (operator, values) => ({
  kind: 'field',
  name: 'state',
  values: ['closed'],
  not: isTrue(values[0] ?? null) === (operator === '='),
});

const finTookPart: Reader = (operator, values) => ({
  kind: 'field',
  name: 'fin',
  values: ['involved'],
  not: isTrue(values[0] ?? null) !== (operator === '='),
});

const priorityWord = (value: Value): string =>
  typeof value === 'boolean' ? (value ? 'priority' : 'not_priority') : String(value);

/** By Intercom's names, dots as underscores. */
const FIELDS: Readonly<Record<string, Reader>> = {
  ...Object.fromEntries(FILTER_COLUMNS.map((column) => [column, columnField(column)])),
  ids: columnField('id'),
  read: (operator, values, name) => columnField('read')(operator, values.map(isTrue), name),
  state: languageField('state'),
  open: openField,
  priority: languageField('priority', priorityWord),
  source_type: languageField('channel'),
  team_assignee_id: idField('team'),
  admin_assignee_id: idField('assignee'),
  assignee_id: idField('assignee'),
  tag_id: idField('tag'),
  tag_ids: idField('tag'),
  tags: idField('tag'),
  tags_tag_id: idField('tag'),
  contact_id: languageField('contact'),
  contact_ids: languageField('contact'),
  contacts_contact_ids: languageField('contact'),
  ai_agent_participated: finTookPart,
  ai_agent_resolution_state: languageField('fin', (value) =>
    value === null ? 'none' : (FIN_WORDS[String(value)] ?? String(value)),
  ),
  conversation_rating_score: countedField('csat'),
  conversation_rating_rating: countedField('csat'),
  source_body: words,
  source_subject: words,
  body: words,
  q: words,
};

/** Every field by its name, for errors and docs. */
export const INTERCOM_FIELDS: readonly string[] = Object.keys(FIELDS).sort();

const CUSTOM = /^custom_attributes?\./;
const STATISTICS = /^statistics_/;

/** The reader of a field by Intercom's name (`source.type`, `statistics_count_reopens`). @throws AppError ARGUMENT_INVALID */
const readerOf = (name: string): Reader => {
  if (CUSTOM.test(name)) {
    const attribute = `attr.${name.replace(CUSTOM, '')}`;
    return (operator, values, shown) =>
      operator === '=' || operator === '!='
        ? languageField(attribute)(operator, values, shown)
        : countedField(attribute)(operator, values, shown);
  }
  const key = name.toLowerCase().replaceAll('.', '_').replace(STATISTICS, '');
  const reader = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
  if (reader !== undefined) return reader;
  throw new AppError(
    'ARGUMENT_INVALID',
    `There is no field "${name.slice(0, 60)}"; the nearest is "${nearest(key, INTERCOM_FIELDS)}".`,
    { remedy: `Use one of: ${INTERCOM_FIELDS.join(', ')}, custom_attributes.NAME.` },
  );
};

const isValue = (value: unknown): value is Value =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** `{field, operator, value}` of Intercom as a condition. @throws AppError ARGUMENT_INVALID */
export const fieldCondition = (
  name: string,
  operator: IntercomOperator,
  value: unknown,
): StructuredFilter => {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0 || values.length > 1_000 || !values.every(isValue))
    throw refuse(name, 'takes a text, a number, or a list of at most 1000 of them');
  return readerOf(name)(operator, values, name);
};
