import type { IncomingRow } from '../data/writes/replace-small-table.ts';
import { articlePath, isArticle } from '../entities/article/endpoints.ts';
import { mapArticle } from '../entities/article/mapping.ts';
import { AppError } from '../errors/app-error.ts';
import type { ObjectSource } from './fetch-queued.ts';
import { serverSeconds } from './run-context.ts';

interface FetchedArticle {
  readonly article: IncomingRow;
  readonly fetchedAt: number;
}

/** Articles that a webhook announced; all of them are listed once a day. */
export const ARTICLE_OBJECTS: ObjectSource<FetchedArticle> = {
  queue: 'articles',
  entity: 'articles',
  async fetch({ client, signal }, id, priority) {
    const { data, serverTime, text } = await client.request('GET', articlePath(id), {
      expect: isArticle(id),
      priority,
      signal,
    });
    const columns = mapArticle(data);
    if (columns === undefined) throw new AppError('INTERCOM_BAD_BODY');
    return { article: { columns, payload: text }, fetchedAt: serverTime };
  },
  async store({ client, fence, store, tuning }, items, failures) {
    await store.write('applyArticleObjects', {
      fence,
      articles: items.map(({ article }) => article),
      failures,
      confirmAfterMs: tuning.confirmAfterMs,
      fetchedAt: Math.max(0, ...items.map(({ fetchedAt }) => fetchedAt)) || serverSeconds(client),
    });
  },
};
