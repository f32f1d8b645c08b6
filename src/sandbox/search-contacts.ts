import { ApiError } from './errors.ts';
import type { LiveWorld } from './live-world.ts';
import type { JsonObject } from './world.ts';

const DATES = new Set(['created_at', 'updated_at', 'signed_up_at', 'last_seen_at']);
const MAX_PER_PAGE = 150;

/** The calendar day of an instant in a zone, as a number that compares. */
const dayOf = (seconds: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    seconds * 1000,
  );

type Test = (contact: JsonObject) => boolean;

/** Dates compare by whole days of the workspace's zone; other operators on them are refused (API-FACTS 4.3). */
const dateTest = (field: string, operator: string, value: unknown, timeZone: string): Test => {
  if (!['=', '>', '<'].includes(operator))
    throw new ApiError(400, 'parameter_invalid', `Operator '${operator}' is not supported on dates`);
  const wanted = dayOf(Number(value), timeZone);
  return (contact) => {
    const actual = contact[field];
    if (typeof actual !== 'number') return false;
    const day = dayOf(actual, timeZone);
    return operator === '=' ? day === wanted : operator === '>' ? day > wanted : day < wanted;
  };
};

const compile = (node: unknown, timeZone: string): Test => {
  const {
    operator = '',
    field,
    value,
  } = (node ?? {}) as { operator?: string; field?: string; value?: unknown };
  if (field === undefined) {
    if ((operator !== 'AND' && operator !== 'OR') || !Array.isArray(value))
      throw new ApiError(400, 'parameter_invalid', 'query is malformed');
    const tests = value.map((child) => compile(child, timeZone));
    return operator === 'AND'
      ? (contact) => tests.every((test) => test(contact))
      : (contact) => tests.some((test) => test(contact));
  }
  if (DATES.has(field)) return dateTest(field, operator, value, timeZone);
  if (!['id', 'role', 'email', 'external_id', 'name', 'phone'].includes(field))
    throw new ApiError(400, 'invalid_field', `Field '${field}' is not supported`);
  if (operator === '=') return (contact) => String(contact[field]) === String(value);
  if (operator === '!=') return (contact) => String(contact[field]) !== String(value);
  if (operator === '~') return (contact) => String(contact[field] ?? '').includes(String(value));
  throw new ApiError(400, 'parameter_invalid', `Operator '${operator}' is not supported`);
};

/** POST /contacts/search on 2.16. Sorting uses full seconds, filtering whole days. */
export const searchContacts = (live: LiveWorld, body: JsonObject): JsonObject => {
  const sort = (body.sort ?? {}) as { field?: string; order?: string };
  if (sort.order !== undefined && sort.order !== 'ascending' && sort.order !== 'descending') {
    throw new ApiError(400, 'invalid_sort_order', `'${sort.order}' is not a valid sort order`);
  }
  const test = compile(body.query, live.world.workspace.timezone);
  const field = sort.field ?? 'updated_at';
  const direction = sort.order === 'ascending' ? 1 : -1;
  const found = live
    .contacts()
    .map((id) => live.contact(id))
    .filter((contact) => contact !== undefined)
    .filter(test)
    .sort(
      (a, b) =>
        direction * (Number(a[field] ?? 0) - Number(b[field] ?? 0)) || (String(a.id) < String(b.id) ? -1 : 1),
    );
  const pagination = (body.pagination ?? {}) as { per_page?: unknown; starting_after?: string };
  const perPage = Math.min(MAX_PER_PAGE, Math.max(1, Number(pagination.per_page ?? 50) || 50));
  const start =
    pagination.starting_after === undefined
      ? 0
      : Number(Buffer.from(pagination.starting_after, 'base64').toString('utf8'));
  if (!Number.isInteger(start)) throw new ApiError(400, 'client_error', 'Invalid starting_after param');
  const data = found.slice(start, start + perPage);
  const page = Math.floor(start / perPage) + 1;
  const more = start + perPage < found.length;
  return {
    type: 'list',
    data,
    total_count: found.length,
    pages: {
      type: 'pages',
      page,
      per_page: perPage,
      total_pages: Math.ceil(found.length / perPage),
      ...(more
        ? {
            next: { page: page + 1, starting_after: Buffer.from(String(start + perPage)).toString('base64') },
          }
        : {}),
    },
  };
};
