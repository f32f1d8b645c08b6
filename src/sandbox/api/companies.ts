import { ApiError, requestIdOf } from '../errors.ts';
import type { LiveWorld } from '../live/live-world.ts';
import type { Place } from '../live/time-order.ts';
import type { JsonObject } from '../world.ts';
import type { Api, Handler } from './api.ts';
import { numberedPage, perPageOf } from './paging.ts';

/** API-FACTS 3.2, 3.8, 5.4. */
const USUAL_PER_PAGE = 15;
const MAX_PER_PAGE = 60;
const LIST_CAP = 10_000;
const SCROLL_PAGE = 100;
const ALWAYS = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

const notFound = (): ApiError => new ApiError(404, 'company_not_found', 'Company Not Found');

/** Companies with users, the latest activity first, from one place to another. */
const listed = ({ companies }: LiveWorld, from: number, until: number): JsonObject[] => {
  const found: JsonObject[] = [];
  let position = 0;
  for (const rank of companies.order('updated_at', 'listed').walk({ ...ALWAYS, ascending: false })) {
    if (position >= until) break;
    const company = position < from ? undefined : companies.at(rank);
    if (company !== undefined) found.push(company);
    position += 1;
  }
  return found;
};

const pageOf = (live: LiveWorld, facts: Omit<Parameters<typeof numberedPage>[0], 'total'>): JsonObject => {
  const total = live.companies.order('updated_at', 'listed').count(ALWAYS);
  const { pages, from, until } = numberedPage({ ...facts, total });
  if (from >= LIST_CAP)
    throw new ApiError(400, 'parameter_invalid', 'page limit reached, please use scroll API');
  return { type: 'list', data: listed(live, from, until), pages, total_count: total };
};

/** POST /companies/list and GET /companies without a filter: by page number, at most 10,000 companies. */
export const listCompanies: Handler = ({ live }, { path, query, body }) =>
  pageOf(live, {
    path,
    page: body.page ?? query.get('page'),
    perPage: perPageOf(body.per_page ?? query.get('per_page'), USUAL_PER_PAGE, MAX_PER_PAGE),
  });

/** GET /companies: one by company_id or name, else the list. */
export const findCompany: Handler = (api, request) => {
  const { companies } = api.live;
  const wanted = ['company_id', 'name'].find((field) => request.query.get(field) !== null);
  if (wanted === undefined) return listCompanies(api, request);
  for (let rank = 0; rank < companies.ranks; rank += 1) {
    const company = companies.at(rank);
    if (company?.[wanted] === request.query.get(wanted)) return company;
  }
  throw notFound();
};

export const getCompany: Handler = ({ live }, { id }) => {
  const company = live.companies.get(id);
  if (company === undefined) throw notFound();
  return company;
};

interface OpenScroll {
  readonly param: string;
  after: Place | undefined;
  usedAt: number;
  pages: number;
}

const nextPage = ({ companies }: LiveWorld, scroll: OpenScroll): JsonObject[] => {
  const { after } = scroll;
  const order = companies.order('created_at', 'listed');
  const data: JsonObject[] = [];
  for (const rank of order.walk({ ...ALWAYS, ascending: true, ...(after ? { after } : {}) })) {
    if (data.length === SCROLL_PAGE) break;
    const company = companies.at(rank);
    if (company === undefined) continue;
    data.push(company);
    scroll.after = { time: order.timeOf(rank) ?? 0, rank };
  }
  return data;
};

/** GET /companies/scroll: one at a time, lost after a rest, ended by an empty page (API-FACTS 5.4). */
export const createScroll = (): Handler => {
  let open: OpenScroll | undefined;
  let scrolls = 0;
  return ({ live, behaviour }: Api, { query }) => {
    const now = live.now();
    if (open !== undefined && now - open.usedAt > behaviour().scrollIdleSeconds) open = undefined;
    const param = query.get('scroll_param');
    if (param === null && (open !== undefined || behaviour().foreignScroll))
      throw new ApiError(400, 'scroll_exists', 'scroll already exists for this workspace');
    if (param !== null && param !== open?.param)
      throw new ApiError(404, 'not_found', 'scroll parameter not found');
    open ??= { param: requestIdOf((scrolls += 1)), after: undefined, usedAt: now, pages: 0 };
    open.pages += 1;
    open.usedAt = now;
    if (live.scrollBreaks.delete(open.pages)) {
      open = undefined;
      throw new ApiError(
        500,
        'server_error',
        'Request failed due to an internal network error. Please restart the scroll operation.',
      );
    }
    const data = nextPage(live, open);
    const answer = { type: 'list', data, pages: null, total_count: null, scroll_param: open.param };
    if (data.length === 0) open = undefined;
    return answer;
  };
};
