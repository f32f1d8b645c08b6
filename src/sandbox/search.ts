import { ApiError } from './errors.ts';
import type { LiveWorld, TimeField } from './live-world.ts';
import type { JsonObject } from './world.ts';

const MAX_PER_PAGE = 150;
const DEFAULT_PER_PAGE = 20;
const MAX_FILTERS = 15;

/** Where each searchable field stands in the object (API-FACTS 4.9). */
const FIELDS: Readonly<Record<string, (item: JsonObject) => unknown>> = {
  id: (item) => item.id,
  created_at: (item) => item.created_at,
  updated_at: (item) => item.updated_at,
  waiting_since: (item) => item.waiting_since,
  snoozed_until: (item) => item.snoozed_until,
  state: (item) => item.state,
  open: (item) => item.open,
  read: (item) => item.read,
  priority: (item) => item.priority,
  admin_assignee_id: (item) => item.admin_assignee_id,
  team_assignee_id: (item) => item.team_assignee_id,
  tag_ids: (item) => (item.tags as { tags: JsonObject[] }).tags.map((tag) => tag.id),
  contact_ids: (item) => (item.contacts as { contacts: JsonObject[] }).contacts.map((contact) => contact.id),
  ai_agent_participated: (item) => item.ai_agent_participated,
};

const fieldOf = (name: string): ((item: JsonObject) => unknown) => {
  const known = FIELDS[name];
  if (known) return known;
  const [root = '', ...path] = name.split('.');
  const key =
    root === 'source' || root === 'statistics' || root === 'conversation_rating' || root === 'ai_agent'
      ? root
      : undefined;
  if (key === undefined || path.length === 0)
    throw new ApiError(400, 'invalid_field', `Field '${name}' is not supported`);
  return (item) => path.reduce<unknown>((value, part) => (value as JsonObject | null)?.[part], item[key]);
};

type Test = (item: JsonObject) => boolean;
interface Bounds {
  readonly field: TimeField;
  low: number;
  high: number;
}

const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value));
const same = (a: unknown, b: unknown): boolean => String(a) === String(b);

const compare = (actual: unknown, operator: string, wanted: unknown, inclusive: boolean): boolean => {
  const list = Array.isArray(actual) ? actual : [actual];
  switch (operator) {
    case '=':
      return list.some((value) => same(value, wanted));
    case '!=':
      return !list.some((value) => same(value, wanted));
    case '>':
      return (
        isNumeric(actual) && (inclusive ? Number(actual) >= Number(wanted) : Number(actual) > Number(wanted))
      );
    case '<':
      return (
        isNumeric(actual) && (inclusive ? Number(actual) <= Number(wanted) : Number(actual) < Number(wanted))
      );
    case '>=':
      return isNumeric(actual) && Number(actual) >= Number(wanted);
    case '<=':
      return isNumeric(actual) && Number(actual) <= Number(wanted);
    case 'IN':
      return Array.isArray(wanted) && wanted.some((value) => list.some((item) => same(item, value)));
    case 'NIN':
      return Array.isArray(wanted) && !wanted.some((value) => list.some((item) => same(item, value)));
    case '~':
      return list.some((value) =>
        String(value ?? '')
          .toLowerCase()
          .includes(String(wanted).toLowerCase()),
      );
    case '!~':
      return !list.some((value) =>
        String(value ?? '')
          .toLowerCase()
          .includes(String(wanted).toLowerCase()),
      );
    case '^':
      return list.some((value) => String(value ?? '').startsWith(String(wanted)));
    case '$':
      return list.some((value) => String(value ?? '').endsWith(String(wanted)));
    default:
      throw new ApiError(400, 'parameter_invalid', `Operator '${operator}' is not supported`);
  }
};

const narrow = (
  bounds: Bounds | undefined,
  field: string,
  operator: string,
  value: unknown,
  inclusive: boolean,
): boolean => {
  if (bounds === undefined || field !== bounds.field || !isNumeric(value)) return false;
  const number = Number(value);
  if (operator === '>' || operator === '>=')
    bounds.low = Math.max(bounds.low, operator === '>' && !inclusive ? number + 1 : number);
  else if (operator === '<' || operator === '<=')
    bounds.high = Math.min(bounds.high, operator === '<' && !inclusive ? number - 1 : number);
  else if (operator === '=')
    Object.assign(bounds, { low: Math.max(bounds.low, number), high: Math.min(bounds.high, number) });
  else return false;
  return true;
};

/** A query tree → tests; times at the top level of an AND become bounds of the index instead. */
const compile = (node: unknown, inclusive: boolean, bounds: Bounds | undefined, depth = 0): Test[] => {
  const { operator, field, value } = (node ?? {}) as { operator?: string; field?: string; value?: unknown };
  if (field !== undefined) {
    const read = fieldOf(field);
    if (operator === undefined) throw new ApiError(400, 'parameter_invalid', 'operator is missing');
    return narrow(bounds, field, operator, value, inclusive)
      ? []
      : [(item) => compare(read(item), operator, value, inclusive)];
  }
  if (operator !== 'AND' && operator !== 'OR')
    throw new ApiError(400, 'parameter_invalid', 'query is malformed');
  if (depth > 2) throw new ApiError(400, 'parameter_invalid', 'at most two nested levels are allowed');
  if (!Array.isArray(value) || value.length > MAX_FILTERS)
    throw new ApiError(400, 'parameter_invalid', `at most ${MAX_FILTERS} filters are allowed`);
  if (operator === 'AND') return value.flatMap((child) => compile(child, inclusive, bounds, depth + 1));
  const children = value.map((child) => compile(child, inclusive, undefined, depth + 1));
  return [(item) => children.some((tests) => tests.every((test) => test(item)))];
};

/** First position whose time is not below `time`. */
const lowerBound = (times: Float64Array, time: number): number => {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Base64 of [sort value in ms, id, next page]: a keyset, stateless (API-FACTS 3.4, 3.5). */
const encode = (time: number, id: string, page: number): string =>
  Buffer.from(JSON.stringify([time * 1000, id, page])).toString('base64');
const decode = (cursor: string): { readonly time: number; readonly id: string; readonly page: number } => {
  try {
    const [ms, id, page] = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8')) as [
      number,
      string,
      number,
    ];
    if (typeof ms !== 'number' || typeof id !== 'string') throw new Error('not a cursor');
    return { time: ms / 1000, id, page };
  } catch {
    throw new ApiError(400, 'client_error', `Invalid starting_after param: ${cursor.slice(0, 80)}`);
  }
};

export const perPageOf = (value: unknown): number =>
  Math.min(MAX_PER_PAGE, Math.max(1, Number(value ?? DEFAULT_PER_PAGE) || DEFAULT_PER_PAGE));

interface Scan {
  readonly field: TimeField;
  readonly ascending: boolean;
  readonly low: number;
  readonly high: number;
  readonly tests: readonly Test[];
  readonly perPage: number;
  readonly cursor: string | undefined;
}

const scan = (live: LiveWorld, { field, ascending, low, high, tests, perPage, cursor }: Scan): JsonObject => {
  const { ids, times } = live.sorted(field);
  const from = lowerBound(times, low);
  const until = lowerBound(times, high + 1);
  const after = cursor === undefined ? undefined : decode(cursor);
  const positions = ascending ? range(from, until) : range(from, until).reverse();
  const matching =
    tests.length === 0
      ? positions
      : positions.filter((at) => tests.every((test) => test(live.conversation(ids[at] ?? '') ?? {})));
  const start = after === undefined ? 0 : startAfter(matching, ids, times, after, ascending);
  const shown = matching.slice(start, start + perPage);
  const last = shown.at(-1);
  const page = after?.page ?? 1;
  const more = start + perPage < matching.length && last !== undefined;
  return {
    type: 'conversation.list',
    total_count: matching.length,
    pages: {
      type: 'pages',
      page,
      per_page: perPage,
      total_pages: Math.ceil(matching.length / perPage),
      ...(more
        ? { next: { page: page + 1, starting_after: encode(times[last] ?? 0, ids[last] ?? '', page + 1) } }
        : {}),
    },
    conversations: shown.map((at) => {
      const { conversation_parts: _parts, ...item } = live.conversation(ids[at] ?? '') ?? {};
      return item;
    }),
  };
};

const range = (from: number, until: number): number[] =>
  Array.from({ length: Math.max(0, until - from) }, (_, index) => from + index);

/** First of the positions behind a cursor; the object it names may have moved or gone meanwhile. */
const startAfter = (
  positions: readonly number[],
  ids: readonly string[],
  times: Float64Array,
  after: { time: number; id: string },
  ascending: boolean,
): number => {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const time = times[positions[middle] ?? 0] ?? 0;
    if (ascending ? time < after.time : time > after.time) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < positions.length && times[positions[at] ?? 0] === after.time; at += 1) {
    if (ids[positions[at] ?? 0] === after.id) return at + 1;
  }
  return low;
};

const ORDERS = new Set(['ascending', 'descending']);

/** POST /conversations/search (API-FACTS 4). The cursor counts in the body only; in the query string it is ignored. */
export const searchConversations = (live: LiveWorld, body: JsonObject, inclusive: boolean): JsonObject => {
  const sort = (body.sort ?? {}) as { field?: string; order?: string };
  if (sort.order !== undefined && !ORDERS.has(sort.order))
    throw new ApiError(400, 'invalid_sort_order', `'${sort.order}' is not a valid sort order`);
  const field: TimeField = sort.field === 'created_at' ? 'created_at' : 'updated_at';
  const bounds: Bounds = { field, low: Number.MIN_SAFE_INTEGER, high: Number.MAX_SAFE_INTEGER };
  const tests = compile(body.query, inclusive, bounds);
  const pagination = (body.pagination ?? {}) as { per_page?: unknown; starting_after?: string };
  return scan(live, {
    field,
    ascending: sort.order === 'ascending',
    low: bounds.low,
    high: bounds.high,
    tests,
    perPage: perPageOf(pagination.per_page),
    cursor: pagination.starting_after,
  });
};

/** GET /conversations: newest change first, by cursor. */
export const listConversations = (live: LiveWorld, query: URLSearchParams): JsonObject =>
  scan(live, {
    field: 'updated_at',
    ascending: false,
    low: Number.MIN_SAFE_INTEGER,
    high: Number.MAX_SAFE_INTEGER,
    tests: [],
    perPage: perPageOf(query.get('per_page')),
    cursor: query.get('starting_after') ?? undefined,
  });
