import { ApiError, invalid } from '../errors.ts';
import type { JsonObject, ListName } from '../world.ts';
import type { Handler } from './api.ts';
import { numberedPage, perPageOf } from './paging.ts';

/** API-FACTS 3.2, 5.6. */
const MACROS_PER_PAGE = 50;

const newestFirst = (items: readonly JsonObject[]): JsonObject[] =>
  items.toSorted((a, b) => Number(b.updated_at) - Number(a.updated_at) || Number(b.id) - Number(a.id));

/** A list by page number, the latest change first. */
const paged =
  (name: ListName, usual: number, shown: (item: JsonObject) => JsonObject = (item) => item): Handler =>
  ({ live }, { path, query }) => {
    const items = newestFirst(live.lists[name]);
    const { pages, from, until } = numberedPage({
      path,
      page: query.get('page'),
      perPage: perPageOf(query.get('per_page'), usual),
      total: items.length,
    });
    return { type: 'list', pages, total_count: items.length, data: items.slice(from, until).map(shown) };
  };

/** Lists leave the statistics out (API-FACTS 5.6). */
const articleInList = (article: JsonObject): JsonObject => {
  const { statistics: _statistics, ...item } = article;
  return item;
};

export const listArticles = paged('articles', 25, articleInList);
export const listCollections = paged('collections', 20);
export const listInternalArticles = paged('internal_articles', 25);

export const getArticle: Handler = ({ live }, { id }) => {
  const found = live.lists.articles.find((article) => article.id === id);
  if (found === undefined) throw new ApiError(404, 'not_found', 'Resource Not Found');
  return found;
};

const cursorOf = (id: unknown): string => Buffer.from(JSON.stringify([String(id)])).toString('base64');

const seconds = ({ updated_at: time }: JsonObject): number => Math.floor(Date.parse(String(time)) / 1000);

/** GET /macros: by cursor, the latest change first; `updated_since` in Unix seconds. */
export const listMacros: Handler = ({ live }, { query }) => {
  const since = query.get('updated_since');
  const perPage = perPageOf(query.get('per_page'), MACROS_PER_PAGE);
  const items = live.lists.macros
    .filter((macro) => since === null || seconds(macro) >= Number(since))
    .toSorted((a, b) => seconds(b) - seconds(a) || Number(b.id) - Number(a.id));
  const after = query.get('starting_after');
  const from = after === null ? 0 : items.findIndex(({ id }) => cursorOf(id) === after) + 1;
  if (after !== null && from === 0) throw invalid('Invalid starting_after param');
  const data = items.slice(from, from + perPage);
  const more = from + perPage < items.length;
  return {
    type: 'list',
    data,
    pages: {
      type: 'pages',
      per_page: perPage,
      next: more ? { starting_after: cursorOf(data.at(-1)?.id) } : null,
    },
  };
};
