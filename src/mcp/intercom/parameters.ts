import { z } from 'zod';
import { AppError } from '../../errors/app-error.ts';
import type { StructuredFilter } from '../../query/structured-filter.ts';
import type { Aliases } from '../define.ts';
import { type IntercomQuery, objectTypeOf, readIntercomParameter, readIntercomQuery } from './query.ts';

/** Filters of Intercom's own `search_conversations` that take a value or `{operator, value}` (COMPETITORS B1). */
export const INTERCOM_PARAMETERS = [
  'source_author_name',
  'source_author_email',
  'statistics_time_to_assignment',
  'statistics_time_to_admin_reply',
  'statistics_time_to_first_close',
  'statistics_last_admin_reply_at',
  'statistics_count_reopens',
  'created_at',
  'updated_at',
  'open',
  'tag_ids',
  'ai_agent_resolution_state',
  'conversation_rating_score',
] as const;

/** Read by this module, which says what is wrong with them. */
export const intercomParameters = z.object({
  ...Object.fromEntries(INTERCOM_PARAMETERS.map((name) => [name, z.unknown().optional()])),
  object_type: z.string('must be conversation').max(40, 'must be conversation').optional(),
});

const isCondition = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'operator');

/** A query may be an object in the form of Intercom's API; what else is no text is left for the parameter's own check. */
export const queryAlias: Aliases = {
  query: (value) => ({ query: isCondition(value) ? JSON.stringify(value) : value }),
};

type Given = Readonly<Record<string, unknown>>;

const OWN: readonly string[] = [...INTERCOM_PARAMETERS, 'object_type'];

/** `limit` and `cursor` of the query go first, as it was written last. */
const inOurTerms = (given: Given, query: IntercomQuery | undefined): Given => {
  const conditions: Record<string, StructuredFilter> = {};
  for (const name of INTERCOM_PARAMETERS)
    if (given[name] !== undefined) conditions[name] = readIntercomParameter(name, given[name]);
  if (query?.condition !== undefined) conditions.query = query.condition;
  return {
    ...Object.fromEntries(Object.entries(given).filter(([name]) => !OWN.includes(name))),
    ...(query === undefined ? {} : { query: query.query }),
    ...(query?.limit === undefined ? {} : { limit: query.limit }),
    ...(query?.cursor === undefined ? {} : { cursor: query.cursor }),
    ...(Object.keys(conditions).length === 0 ? {} : { conditions }),
  };
};

/**
 * The arguments of a search for conversations, with those of Intercom's server in our terms.
 * @throws AppError ARGUMENT_INVALID for what is not known, and for a query about other objects
 */
export const conversationSearch = (given: Given): Given => {
  const query = readIntercomQuery(given.query);
  const type = objectTypeOf(given.object_type) ?? query?.objectType ?? 'conversation';
  if (type === 'conversation') return inOurTerms(given, query);
  throw new AppError(
    'ARGUMENT_INVALID',
    `This tool finds conversations, not objects of type "${type.slice(0, 40)}".`,
    { remedy: 'Use object_type:conversations, or the tool for the other kind.' },
  );
};
