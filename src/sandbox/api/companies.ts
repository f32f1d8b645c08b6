import { ApiError } from '../errors.ts';
import { requestIdOf } from '../errors.ts';
import type { JsonObject, World } from '../world.ts';
import type { Handler } from './api.ts';
import { numberedPage, perPageOf } from './paging.ts';

/** API-FACTS 3.2, 3.8, 5.4. */
const USUAL_PER_PAGE = 15;
const MAX_PER_PAGE = 60;
const LIST_CAP = 10_000;
const SCROLL_PAGE = 100;
const SCROLL_IDLE_SECONDS = 60;

const companyAt = (world: World, index: number): JsonObject => world.companies.object(index);

const some = (world: World, from: number, until: number): JsonObject[] =>
  Array.from({ length: Math.max(0, until - from) }, (_, offset) => companyAt(world, from + offset));

const notFound = (): ApiError => new ApiError(404, 'company_not_found', 'Company Not Found');

const pageOf = (world: World, facts: Omit<Parameters<typeof numberedPage>[0], 'total'>): JsonObject => {
  const total = world.companies.count;
  const { pages, from, until } = numberedPage({ ...facts, total });
  if (from >= LIST_CAP)
    throw new ApiError(400, 'parameter_invalid', 'page limit reached, please use scroll API');
  // Lists leave out companies that have lost their last user.
  const data = some(world, from, until).filter((company) => company.user_count !== 0);
  return { type: 'list', data, pages, total_count: total };
};

/** POST /companies/list and GET /companies without a filter: by page number, at most 10,000 companies. */
export const listCompanies: Handler = ({ live }, { path, query, body }) =>
  pageOf(live.world, {
    path,
    page: body.page ?? query.get('page'),
    perPage: perPageOf(body.per_page ?? query.get('per_page'), USUAL_PER_PAGE, MAX_PER_PAGE),
  });

/** GET /companies: one by company_id or name, else the list. */
export const findCompany: Handler = (api, request) => {
  const { world } = api.live;
  const wanted = ['company_id', 'name'].find((field) => request.query.get(field) !== null);
  if (wanted === undefined) return listCompanies(api, request);
  for (let index = 0; index < world.companies.count; index += 1) {
    const company = companyAt(world, index);
    if (company[wanted] === request.query.get(wanted)) return company;
  }
  throw notFound();
};

export const getCompany: Handler = ({ live }, { id }) => {
  const index = live.world.companies.indexOf(id);
  if (index === undefined) throw notFound();
  return companyAt(live.world, index);
};

/** GET /companies/scroll: one at a time, lost after a minute of rest, ended by an empty page (API-FACTS 5.4). */
export const createScroll = (): Handler => {
  let open: { readonly param: string; next: number; usedAt: number } | undefined;
  let scrolls = 0;
  return ({ live }, { query }) => {
    const now = live.now();
    if (open !== undefined && now - open.usedAt > SCROLL_IDLE_SECONDS) open = undefined;
    const param = query.get('scroll_param');
    if (param === null && open !== undefined)
      throw new ApiError(400, 'scroll_exists', 'scroll already exists for this workspace');
    if (param !== null && param !== open?.param)
      throw new ApiError(404, 'not_found', 'scroll parameter not found');
    open ??= { param: requestIdOf((scrolls += 1)), next: 0, usedAt: now };
    const until = Math.min(open.next + SCROLL_PAGE, live.world.companies.count);
    const data = some(live.world, open.next, until).filter((company) => company.user_count !== 0);
    const answer = { type: 'list', data, pages: null, total_count: null, scroll_param: open.param };
    if (open.next >= live.world.companies.count) open = undefined;
    else Object.assign(open, { next: until, usedAt: now });
    return answer;
  };
};
