import { randomUUID } from 'node:crypto';
import type { PagedEntity } from '../data/listed-entities.ts';
import type { IncomingRow } from '../data/writes/replace-small-table.ts';
import { ARTICLES } from '../entities/article/endpoints.ts';
import { mapArticle } from '../entities/article/mapping.ts';
import { COLLECTIONS } from '../entities/collection/endpoints.ts';
import { mapCollection } from '../entities/collection/mapping.ts';
import { INTERNAL_ARTICLES } from '../entities/internal-article/endpoints.ts';
import { mapInternalArticle } from '../entities/internal-article/mapping.ts';
import { MACROS } from '../entities/macro/endpoints.ts';
import { mapMacro } from '../entities/macro/mapping.ts';
import { AppError } from '../errors/app-error.ts';
import { sliceArray } from '../lib/json/slice-json.ts';
import { asArray, asInteger, asObject, holdsList, type Json } from '../lib/read-json.ts';
import { PageTrail } from './page-trail.ts';
import { type RunContext, serverSeconds } from './run-context.ts';
import type { ListEndpoint } from './sync-small-tables.ts';

interface PagedList {
  readonly endpoint: ListEndpoint;
  readonly map: (payload: unknown) => IncomingRow['columns'] | undefined;
}

const PAGED_LISTS: Readonly<Record<PagedEntity, PagedList>> = {
  articles: { endpoint: ARTICLES, map: mapArticle },
  collections: { endpoint: COLLECTIONS, map: mapCollection },
  internal_articles: { endpoint: INTERNAL_ARTICLES, map: mapInternalArticle },
  macros: { endpoint: MACROS, map: mapMacro },
};

/** What moves while it is listed page by page may be missed; then it is listed again, this often. */
const MAX_LISTINGS = 3;

/**
 * Mirrors an entity that is listed page by page, always as a whole: edits of translations show nowhere else (API-FACTS
 * 5.6). What a complete listing does not show is gone.
 */
export const syncPagedList = async (run: RunContext, entity: PagedEntity): Promise<void> => {
  const { client, fence, store } = run;
  const { time: startedAt } = await run.askServer();
  for (let listings = 1; ; listings += 1) {
    const listing = randomUUID();
    const outcome = await listAll(run, entity, listing);
    run.report.entity(entity).changed += outcome.changed;
    if (outcome.complete) {
      run.report.entity(entity).listed += outcome.seen;
      run.report.unusable(entity, outcome.unusable);
      const deletedAt = serverSeconds(client);
      await store.write('endList', { fence, entity, listing, begunAt: startedAt, deletedAt });
      break;
    }
    if (listings === MAX_LISTINGS) throw new AppError('SYNC_LIST_MOVED');
  }
  await store.write('finishScan', {
    fence,
    entity,
    kind: 'backfill',
    watermark: startedAt,
    completedAt: serverSeconds(client),
  });
};

/** Without a word on what follows, an answer is broken: it must not look like the end of a list (TRAPS T62). */
const isPageOf =
  (key: string) =>
  (json: unknown): json is Json =>
    holdsList(key)(json) && 'pages' in asObject(json);

interface Listed {
  readonly seen: number;
  readonly changed: number;
  readonly unusable: number;
  /** Nothing was added or removed while it was listed: every object was shown. */
  readonly complete: boolean;
}

const listAll = async (run: RunContext, entity: PagedEntity, listing: string): Promise<Listed> => {
  const { client, fence, signal, store } = run;
  const { endpoint, map } = PAGED_LISTS[entity];
  const { key, path } = endpoint;
  const trail = new PageTrail();
  const ids = new Set<unknown>();
  const totals: number[] = [];
  let [changed, unusable] = [0, 0];
  do {
    const { data, text, serverTime } = await client.request('GET', path, {
      query: { ...endpoint.query, ...trail.query },
      expect: isPageOf(key),
      signal,
    });
    const objects = asArray(data[key]);
    const rows = sliceArray(text, key).flatMap((payload, index) => {
      const columns = map(objects[index]);
      return columns === undefined ? [] : [{ columns, payload }];
    });
    for (const { columns } of rows) ids.add(columns.id);
    unusable += objects.length - rows.length;
    const total = asInteger(data.total_count);
    if (total !== null) totals.push(total);
    trail.follow(
      data.pages,
      rows.map(({ columns }) => String(columns.id)),
    );
    const outcome = await store.write('applyListPage', {
      fence,
      entity,
      listing,
      rows,
      fetchedAt: serverTime,
    });
    changed += outcome.changed;
  } while (!trail.ended);
  // Page numbers shift when something is added or removed; what slid past a border was never shown.
  const complete = totals.every((total) => total === ids.size + unusable);
  return { seen: ids.size, changed, unusable, complete };
};
