import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingCompany } from '../data/writes/apply-companies.ts';
import {
  COMPANIES_KEY,
  COMPANY_LIST_PATH,
  COMPANY_PAGE_SIZE,
  COMPANY_SCROLL_PATH,
} from '../entities/company/endpoints.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import type { IntercomResponse } from '../intercom/client.ts';
import { sliceArray } from '../lib/json/slice-json.ts';
import { asArray, asFilledText, holdsList, type Json } from '../lib/read-json.ts';
import { toIncomingCompany } from './company-objects.ts';
import { PageTrail } from './page-trail.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

const ENTITY = 'companies';
/** A scroll that broke is begun anew this often; then the list is taken instead. */
const MAX_SCROLLS = 3;
/** Another scroll of the same app is waited for this often: it ends after a minute of rest (API-FACTS 5.4). */
const MAX_WAITS = 2;

/**
 * Mirrors all companies. The scroll gives all that have users, one page after the other without a rest; it cannot be
 * resumed, so a run that was killed begins anew (API-FACTS 5.4, TRAPS T11 to T13).
 */
export const syncCompanies = async (run: RunContext): Promise<void> => {
  const { client, fence, report, store } = run;
  const { time: startedAt } = await run.askServer();
  const listing = (await scrollAll(run)) ?? (await listAll(run));
  report.entity(ENTITY).listed += listing.seen;
  report.entity(ENTITY).changed += listing.changed;
  report.unusable(ENTITY, listing.unusable);
  if (listing.truncated) throw new AppError('SYNC_TRUNCATED');
  await store.write('endCompanyListing', { fence, listing: listing.name, now: serverSeconds(client) });
  await store.write('finishScan', {
    fence,
    entity: ENTITY,
    kind: 'backfill',
    watermark: startedAt,
    completedAt: serverSeconds(client),
  });
};

/** One pass over the companies. */
class Listing {
  readonly name = randomUUID();
  readonly #run: RunContext;
  readonly #ids = new Set<string>();
  changed = 0;
  unusable = 0;
  truncated = false;

  constructor(run: RunContext) {
    this.#run = run;
  }

  get seen(): number {
    return this.#ids.size;
  }

  /** Stores a page. @returns the ids that it showed */
  async take({ data, serverTime, text }: IntercomResponse<Json>): Promise<readonly string[]> {
    const objects = asArray(data[COMPANIES_KEY]);
    const companies = sliceArray(text, COMPANIES_KEY).flatMap(
      (payload, index): IncomingCompany | readonly IncomingCompany[] =>
        toIncomingCompany(payload, objects[index]) ?? [],
    );
    const ids = companies.map(({ columns }) => columns.id);
    for (const id of ids) this.#ids.add(id);
    this.unusable += objects.length - companies.length;
    const { fence, store } = this.#run;
    this.changed += await store.write('applyCompanies', {
      fence,
      listing: this.name,
      companies,
      fetchedAt: serverTime,
    });
    return ids;
  }
}

/** @returns undefined when the scroll cannot be had now: the list is the other way */
const scrollAll = async (run: RunContext): Promise<Listing | undefined> => {
  const { logger, signal, tuning } = run;
  let [scrolls, waits] = [0, 0];
  for (;;) {
    try {
      return await scrollOnce(run);
    } catch (error) {
      if (!isAppError(error) || signal.aborted) throw error;
      const { code, details } = error;
      if (details.upstreamCode === 'scroll_exists') {
        waits += 1;
        if (waits > MAX_WAITS) return undefined;
        logger.info({}, 'another scroll over companies is open; waiting for its end');
        await sleep(tuning.scrollWaitMs, undefined, { signal });
      } else if (code === 'INTERCOM_NOT_FOUND' || code === 'INTERCOM_SERVER_ERROR') {
        // 404 is an expired scroll, never its end; 500 says that it must be begun anew.
        scrolls += 1;
        logger.info({ code, scrolls }, 'the scroll over companies broke; beginning anew');
        if (scrolls >= MAX_SCROLLS) return undefined;
      } else throw error;
    }
  }
};

const scrollOnce = async (run: RunContext): Promise<Listing> => {
  const listing = new Listing(run);
  for (let param: string | undefined; ; ) {
    const answer = await run.client.request('GET', COMPANY_SCROLL_PATH, {
      query: param === undefined ? {} : { scroll_param: param },
      expect: holdsList(COMPANIES_KEY),
      signal: run.signal,
    });
    // Only an empty page is the end.
    if (asArray(answer.data[COMPANIES_KEY]).length === 0) return listing;
    const next = asFilledText(answer.data.scroll_param);
    if (next === null)
      throw new AppError('INTERCOM_BAD_BODY', undefined, { details: { reason: 'scroll_param' } });
    param = next;
    await listing.take(answer);
  }
};

/** The list by page numbers, which ends at 10,000 companies with an error (API-FACTS 3.8). */
const listAll = async (run: RunContext): Promise<Listing> => {
  const listing = new Listing(run);
  const trail = new PageTrail();
  while (!trail.ended) {
    const answer = await run.client
      .request('POST', COMPANY_LIST_PATH, {
        query: { per_page: COMPANY_PAGE_SIZE, ...trail.query },
        expect: holdsList(COMPANIES_KEY),
        signal: run.signal,
      })
      .catch((error: unknown) => {
        if (listing.seen === 0 || !isAppError(error, 'INTERCOM_BAD_REQUEST')) throw error;
        listing.truncated = true;
      });
    if (answer === undefined) return listing;
    trail.follow(answer.data.pages, await listing.take(answer));
  }
  return listing;
};
