import { ApiError, invalid } from '../errors.ts';
import type { LiveWorld } from '../live/live-world.ts';
import { EVERYTHING, NOTHING, type Spans, spanOf } from '../live/spans.ts';
import { allOf, always, type Condition, matching, within } from '../search/condition.ts';
import { contactField } from '../search/contact-fields.ts';
import type { FoundPage } from '../search/find-page.ts';
import { localDay } from '../search/local-day.ts';
import { numberOf, timeSpans, valueTest } from '../search/operators.ts';
import { type Filter, parseQuery, unknownField } from '../search/parse-query.ts';
import { textOf } from '../text-of.ts';
import { isAtLeast } from '../versions.ts';
import type { JsonObject } from '../world.ts';
import { type Api, type ApiRequest, type Handler, hasVersion216, timeZoneOf } from './api.ts';
import { mergeHistoryOf } from './contact-lists.ts';
import { pageOf, perPageOf } from './paging.ts';
import { sortingOf } from './sort.ts';

/** API-FACTS 3.2. */
const USUAL_PER_PAGE = 50;
/** A chain of merges is followed so far (API-FACTS 7.3). */
const MAX_HOPS = 3;

/** Dates are cut to days of the workspace's zone; `>` begins with the next day (API-FACTS 4.3). */
const dateSpans = (filter: Filter, timeZone: string): Spans => {
  const { operator, field } = filter;
  if (operator !== '=' && operator !== '>' && operator !== '<')
    throw invalid(`Operator '${operator}' is not supported on the date field '${field}'`);
  const day = localDay(numberOf(filter), timeZone);
  if (operator === '=') return spanOf(day.start, day.end - 1);
  return operator === '>'
    ? spanOf(day.end, Number.POSITIVE_INFINITY)
    : spanOf(Number.NEGATIVE_INFINITY, day.start - 1);
};

/** Preview reads dates by the second (API-FACTS 4.4), unless the test has it otherwise. */
const dateRule = ({ behaviour }: Api, version: string): 'day' | 'exactSecond' =>
  behaviour().contactDates ?? (isAtLeast(version, 'Preview') ? 'exactSecond' : 'day');

const secondSpans = (filter: Filter): Spans => {
  const spans = timeSpans(filter, false);
  if (spans !== undefined) return spans;
  throw invalid(`Operator '${filter.operator}' is not supported on the date field '${filter.field}'`);
};

const DAY = 86_400;

/** What was changed near midnight in UTC is never found (API-FACTS 4.5). */
const awayFromMidnight = (seconds: number): Condition => ({
  spans: () => ({ spans: EVERYTHING, exact: false }),
  test(candidate) {
    const inDay = candidate.time('updated_at') % DAY;
    return inDay > seconds && inDay < DAY - seconds;
  },
});

const inside = (spans: Spans, value: unknown): boolean =>
  typeof value === 'number' && spans.some(({ low, high }) => value >= low && value <= high);

/** Tags and segments of a contact are all that it has, not the ten that it shows. */
const memberOf = (live: LiveWorld, filter: Filter): Condition => {
  const { field: name, operator } = filter;
  if (name === 'tag_id' && operator !== '=' && operator !== '!=')
    throw invalid(`Operator '${operator}' is not supported for 'tag_id'`);
  const test = valueTest(filter, 'string', false);
  return matching((item) => {
    const details = live.details(textOf(item.id));
    return test((name === 'tag_id' ? details?.tags.map(({ id }) => id) : details?.segments) ?? []);
  });
};

const conditionOf =
  (api: Api, version: string) =>
  (filter: Filter): Condition => {
    const { live } = api;
    const { field: name } = filter;
    if (name === 'segment_id' || name === 'tag_id') return memberOf(live, filter);
    const field = contactField(name);
    if (field === undefined) throw unknownField(name);
    if (field.type !== 'date') {
      const test = valueTest(filter, field.type, false);
      return matching((item) => test(field.read(item)));
    }
    const spans = dateRule(api, version) === 'day' ? dateSpans(filter, timeZoneOf(api)) : secondSpans(filter);
    if (name === 'created_at' || name === 'updated_at') return within(name, spans);
    return spans === NOTHING ? matching(() => false) : matching((item) => inside(spans, field.read(item)));
  };

/** Users say what was merged into them, when asked to, from 2.16 on (API-FACTS 5.3). */
const shownFor =
  (api: Api, request: ApiRequest) =>
  (contact: JsonObject): JsonObject =>
    hasVersion216(request) && request.query.get('include_merge_history') === 'true' && contact.role === 'user'
      ? { ...contact, merge_history: mergeHistoryOf(api, textOf(contact.id)) }
      : contact;

const contactList = (
  { items, total, pages }: FoundPage,
  shown: (contact: JsonObject) => JsonObject,
): JsonObject => ({
  type: 'list',
  data: items.map(shown),
  total_count: total,
  pages,
});

/** POST /contacts/search: filters by days, sorts by seconds. */
export const searchContacts: Handler = (api, request) => {
  const { body, version } = request;
  const behaviour = api.behaviour();
  const pagination = (body.pagination ?? {}) as { per_page?: unknown; starting_after?: unknown };
  const asked = parseQuery(body.query, conditionOf(api, version));
  const hidden = behaviour.hiddenAroundMidnightSeconds;
  return contactList(
    api.findContacts({
      condition: hidden === 0 ? asked : allOf([asked, awayFromMidnight(hidden)]),
      key: `${dateRule(api, version)} ${hidden} ${timeZoneOf(api)} ${JSON.stringify(body.query)}`,
      ...sortingOf(body, behaviour.sort, version),
      ...pageOf(behaviour, perPageOf(pagination.per_page, USUAL_PER_PAGE), pagination.starting_after),
    }),
    shownFor(api, request),
  );
};

/** GET /contacts: newest first, by cursor; what was merged away is not in it (API-FACTS 5.3). */
export const listContacts: Handler = (api, request) =>
  contactList(
    api.findContacts({
      condition: always,
      key: '',
      sortBy: 'created_at',
      ascending: false,
      ...pageOf(
        api.behaviour(),
        perPageOf(request.query.get('per_page'), USUAL_PER_PAGE),
        request.query.get('starting_after'),
      ),
    }),
    shownFor(api, request),
  );

/** GET /contacts/{id}; what was merged says so from 2.16 on (API-FACTS 7.3). */
export const getContact: Handler = (api, request) => {
  const { live } = api;
  const found = live.contacts.get(request.id);
  if (found !== undefined) return shownFor(api, request)(found);
  let canonical = live.merges.get(request.id);
  if (canonical === undefined || !hasVersion216(request))
    throw new ApiError(404, 'not_found', 'User Not Found');
  for (let hop = 1; hop < MAX_HOPS; hop += 1) canonical = live.merges.get(canonical) ?? canonical;
  throw new ApiError(
    410,
    'contact_merged',
    "This contact has been merged. See the 'Link' header for the canonical contact.",
    { Link: `</contacts/${canonical}>; rel="canonical"` },
  );
};
