import type { Vocabulary } from '../data/reads/read-vocabulary.ts';
import type { Comparison, SearchFilter, SearchNode } from '../data/search-filter.ts';
import { type IndexedField, MAX_REOPENS, NONE } from '../data/search-index/filter-fields.ts';
import { AppError } from '../errors/app-error.ts';
import type { AuthorRole } from '../lib/author-role.ts';
import { nearest } from '../lib/nearest.ts';
import { fold } from '../lib/text/fold.ts';
import { resolveDate, resolveTimeFrame } from '../lib/time-frame.ts';

/** What the values of a field are read with. */
export interface FieldContext {
  readonly vocabulary: Vocabulary;
  readonly zone: string;
  readonly nowMs: number;
  /** Tells the reader of the answer something. */
  readonly note: (sentence: string) => void;
}

interface Field {
  /** What stands behind the colon, for errors and docs. */
  readonly takes: string;
  readonly read: (values: readonly string[], context: FieldContext) => SearchNode;
}

const filter = (condition: SearchFilter): SearchNode => ({ kind: 'filter', filter: condition });
const anyOf = (nodes: readonly SearchNode[]): SearchNode => {
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : { kind: 'or', nodes };
};

const refuse = (name: string, value: string, takes: string): AppError =>
  new AppError('QUERY_INVALID', `${name}: takes ${takes}, not "${value.slice(0, 60)}".`);

const isNone = (value: string): boolean => fold(value) === NONE;

/** One of a few words; `synonyms` gives other words, each for one or several of them. */
const wordField = (
  name: IndexedField,
  words: readonly string[],
  synonyms: Readonly<Record<string, readonly string[]>> = {},
): Field => {
  const takes = [...words, ...Object.keys(synonyms)].join(', ');
  const read = (value: string): readonly string[] => {
    const word = fold(value).replaceAll(' ', '_');
    if (words.includes(word)) return [word];
    const meant = Object.hasOwn(synonyms, word) ? synonyms[word] : undefined;
    if (meant === undefined) throw refuse(name, value, takes);
    return meant;
  };
  return { takes, read: (values) => filter({ by: name, values: values.flatMap(read) }) };
};

type Named = { readonly id: string; readonly name: string | null; readonly email?: string | null };

const isNamed = (value: string, { email, id, name }: Named): boolean =>
  id === value || (name !== null && fold(name) === fold(value)) || (!!email && fold(email) === fold(value));

/** Ids of what has the name, id or address; where nothing has, the reader is told so. */
const idsNamed = (what: string, list: readonly Named[], value: string, { note }: FieldContext): string[] => {
  const ids = list.filter((each) => isNamed(value, each)).map(({ id }) => id);
  if (ids.length > 0) return ids;
  const near = nearest(
    value,
    list.flatMap(({ name }) => name ?? []),
  );
  const hint = near === undefined ? '' : ` The nearest is "${near.slice(0, 80)}".`;
  note(`No ${what} is named "${value.slice(0, 80)}".${hint}`);
  return [];
};

/** Something that the workspace has names for, or `none`. */
const namedField = (
  name: 'tag' | 'team' | 'admin',
  what: string,
  list: (vocabulary: Vocabulary) => readonly Named[],
): Field => ({
  takes: `the name or id of a ${what}, or none`,
  read: (values, context) =>
    filter({
      by: name,
      values: values.flatMap((value) =>
        isNone(value) ? [NONE] : idsNamed(what, list(context.vocabulary), value.trim(), context),
      ),
    }),
});

const COMPARED = /^(<=|>=|<|>|=)?\s*(-?\d+(?:\.\d+)?)$/;

const holds = (value: number, comparison: Comparison, bound: number): boolean =>
  ({
    '=': value === bound,
    '<': value < bound,
    '<=': value <= bound,
    '>': value > bound,
    '>=': value >= bound,
  })[comparison];

/** A whole number between bounds, or a comparison with one. */
const numberField = (
  name: 'csat' | 'reopens',
  [least, most]: readonly [number, number],
  takes: string,
  words: Readonly<Record<string, readonly string[]>>,
): Field => {
  const all = Array.from({ length: most - least + 1 }, (_, index) => least + index);
  const read = (value: string): readonly string[] => {
    const word = fold(value);
    if (Object.hasOwn(words, word)) return words[word] ?? [];
    const found = COMPARED.exec(value.trim());
    // The last number stands for "or more" (MAX_REOPENS): what lies beyond it is not told apart.
    if (found === null || Number(found[2]) > most)
      throw refuse(name === 'reopens' ? 'reopened' : name, value, takes);
    const comparison = (found[1] ?? '=') as Comparison;
    return all.filter((each) => holds(each, comparison, Number(found[2]))).map(String);
  };
  return { takes, read: (values) => filter({ by: name, values: values.flatMap(read) }) };
};

const RATINGS = ['1', '2', '3', '4', '5'];
const REOPENS = Array.from({ length: MAX_REOPENS }, (_, index) => String(index + 1));
const INVOLVED = ['involved'];
/** Intercom's own words for how Fin left a conversation (API-FACTS 6.7). */
const FIN_STATES = [
  'assumed_resolution',
  'confirmed_resolution',
  'escalated',
  'negative_feedback',
  'procedure_handoff',
  'abandoned',
];
const SLA_STATES = ['hit', 'missed', 'cancelled', 'active', NONE];

/** A status, or the name of an SLA. */
const sla: Field = {
  takes: `${SLA_STATES.join(', ')}, or the name of an SLA`,
  read: (values) =>
    anyOf(
      values.map((value) =>
        SLA_STATES.includes(fold(value))
          ? filter({ by: 'sla', values: [fold(value)] })
          : filter({ by: 'sla_name', values: [fold(value)] }),
      ),
    ),
};

const personField: Field = {
  takes: 'an address, an id, or the id of the customer’s own',
  read: (values) => anyOf(values.map((value) => filter({ by: 'person', value: value.trim() }))),
};
const firmField: Field = {
  takes: 'the name or id of a company, or none',
  read: (values) =>
    anyOf(
      values.map((value) =>
        isNone(value)
          ? filter({ by: 'company', values: [NONE] })
          : filter({ by: 'firm', value: value.trim() }),
      ),
    ),
};
const channelField: Field = {
  takes: 'email, conversation, whatsapp or another of Intercom’s source types',
  read: (values) => filter({ by: 'channel', values: values.map((value) => fold(value)) }),
};

/** The first moment of a day, a time or a time frame. */
const timeField = (name: 'before' | 'after', bound: 'start' | 'end'): Field => {
  const takes = 'a day, a time or a time frame, such as 2026-09-14 or "last 7 days"';
  return {
    takes,
    read: ([value = '', ...more], { nowMs, zone }) => {
      if (more.length > 0) throw refuse(name, [value, ...more].join(','), 'one value');
      const time = resolveDate(value, zone, 'start') ?? resolveTimeFrame(value, nowMs, zone)?.start;
      if (time === undefined) throw refuse(name, value, takes);
      return filter({ by: 'time', field: 'created_at', [bound]: time });
    },
  };
};

/** Every field of the query language; `attr.` and `from` have rules of their own. */
const FIELDS: Readonly<Record<string, Field>> = {
  state: wordField('state', ['open', 'closed', 'snoozed']),
  tag: namedField('tag', 'tag', ({ tags }) => tags),
  team: namedField('team', 'team', ({ teams }) => teams),
  assignee: namedField('admin', 'teammate', ({ admins }) => admins),
  contact: personField,
  company: firmField,
  csat: numberField('csat', [1, 5], '1 to 5, a comparison such as <=2, or none', {
    none: [NONE],
    any: RATINGS,
  }),
  fin: wordField('fin', [...FIN_STATES, 'involved', NONE], {
    any: INVOLVED,
    resolved: ['assumed_resolution', 'confirmed_resolution'],
    handoff: ['escalated', 'procedure_handoff'],
    unresolved: ['escalated', 'negative_feedback', 'procedure_handoff', 'abandoned'],
  }),
  sla,
  channel: channelField,
  priority: wordField('priority', [NONE, 'low', 'medium', 'high', 'urgent'], {
    priority: ['high'],
    not_priority: [NONE],
  }),
  before: timeField('before', 'end'),
  after: timeField('after', 'start'),
  has: wordField('has', ['attachment', 'note', 'rating', 'remark', 'tag'], { attachments: ['attachment'] }),
  reopened: numberField(
    'reopens',
    [0, MAX_REOPENS],
    `true, false, a number up to ${MAX_REOPENS}, or a comparison such as >=2`,
    {
      true: REOPENS,
      yes: REOPENS,
      false: ['0'],
      no: ['0'],
    },
  ),
};

const ROLES: Readonly<Record<string, AuthorRole>> = {
  customer: 'customer',
  team: 'teammate',
  teammate: 'teammate',
  bot: 'bot',
  note: 'note',
};

/** What each field takes, for the docs. */
export const FIELD_VALUES: Readonly<Record<string, string>> = Object.fromEntries([
  ...Object.entries(FIELDS).map(([name, { takes }]) => [name, takes]),
  [
    'attr.<name>',
    'the value of a custom attribute of the conversation, or for numbers and times a comparison such as >10',
  ],
  ['from', Object.keys(ROLES).join(', ')],
]);

const ATTRIBUTE = 'attr.';

export const isSearchField = (name: string): boolean =>
  name === 'from' ||
  Object.hasOwn(FIELDS, name) ||
  (name.startsWith(ATTRIBUTE) && name.length > ATTRIBUTE.length);

/** Whose messages count. @throws AppError QUERY_INVALID */
export const rolesOf = (values: readonly string[]): readonly AuthorRole[] =>
  values.map((value) => {
    const role = Object.hasOwn(ROLES, fold(value)) ? ROLES[fold(value)] : undefined;
    if (role === undefined) throw refuse('from', value, FIELD_VALUES.from ?? '');
    return role;
  });

const attributeNode = (name: string, value: string): SearchNode => {
  const compared = /^(<=|>=|<|>)\s*(.+)$/.exec(value.trim());
  const [comparison, bound] =
    compared === null
      ? (['=', value.trim()] as const)
      : ([compared[1] as Comparison, compared[2] ?? ''] as const);
  return filter({ by: 'attribute', name: fold(name), comparison, value: bound });
};

/** A field of the query → a condition. @throws AppError QUERY_INVALID when it does not take the value */
export const readField = (name: string, values: readonly string[], context: FieldContext): SearchNode => {
  const given = values.filter((value) => value.trim() !== '');
  if (name.startsWith(ATTRIBUTE))
    return anyOf(given.map((value) => attributeNode(name.slice(ATTRIBUTE.length), value)));
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field === undefined) throw new AppError('INTERNAL');
  return field.read(given, context);
};
