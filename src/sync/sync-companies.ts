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
import { asArray, asFilledText, asInteger, holdsList, type Json } from '../lib/read-json.ts';
import { toIncomingCompany } from './company-objects.ts';
import { PageTrail } from './page-trail.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

const ENTITY = 'companies';
/** A scroll that broke is begun anew this often; then the list is taken instead. */
const MAX_SCROLLS = 3;
/** Another scroll of the same app is waited for this often: it ends after a minute of rest (API-FACTS 5.4). */
const MAX_WAITS = 2;
/** A list by page numbers that moved while it was read is read again, this often. */
const MAX_LISTS = 3;

/**
 * Mirrors all companies. The scroll gives all that have users, one page after the other without a rest; it cannot be
 * resumed, so a run that was killed begins anew (API-FACTS 5.4, TRAPS T11 to T13).
 */
export const syncCompanies = async (run: RunContext): Promise<void> => {
  const { client, fence, report, store } = run;
  const { time: startedAt } = await run.askServer();
  const listing = await listCompanies(run);
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

/**
 * The scroll, or the list where the scroll cannot be had: it breaks again and again, or another one is open, perhaps that
 * of a process that was killed. Only where the list ends before all companies another scroll is waited for.
 */
const listCompanies = async (run: RunContext): Promise<Listing> => {
  const { logger, pollMs, signal, tuning } = run;
  for (let waits = 0; ; waits += 1) {
    const scroll = await scrollAll(run);
    if (scroll.listing !== undefined) return scroll.listing;
    const list = await listAll(run);
    if (!list.truncated || !scroll.busy) return list;
    // Nobody waits for a run in the background, and changes do: it is tried again later.
    if (pollMs !== undefined) throw new AppError('SYNC_SCROLL_BUSY');
    if (waits === MAX_WAITS) return list;
    logger.info({}, 'another scroll over companies is open; waiting for its end');
    await sleep(tuning.scrollWaitMs, undefined, { signal });
  }
};

interface Scrolled {
  readonly listing?: Listing;
  /** Another scroll is open. */
  readonly busy: boolean;
}

const scrollAll = async (run: RunContext): Promise<Scrolled> => {
  for (let scrolls = 1; ; scrolls += 1) {
    try {
      return { listing: await scrollOnce(run), busy: false };
    } catch (error) {
      if (!isAppError(error) || run.signal.aborted) throw error;
      const { code, details } = error;
      if (details['upstreamCode'] === 'scroll_exists') return { busy: true };
      // 404 is an expired scroll, never its end; 500 says that it must be begun anew.
      if (code !== 'INTERCOM_NOT_FOUND' && code !== 'INTERCOM_SERVER_ERROR') throw error;
      run.logger.info({ code, scrolls }, 'the scroll over companies broke');
      if (scrolls === MAX_SCROLLS) return { busy: false };
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

/**
 * The list by page numbers, which ends at 10,000 companies with an error (API-FACTS 3.8).
 * @throws AppError SYNC_LIST_MOVED when it never showed as many as it said there are
 */
const listAll = async (run: RunContext): Promise<Listing> => {
  for (let lists = 1; ; lists += 1) {
    const { complete, listing } = await listOnce(run);
    if (complete || listing.truncated) return listing;
    if (lists === MAX_LISTS) throw new AppError('SYNC_LIST_MOVED');
  }
};

const listOnce = async (
  run: RunContext,
): Promise<{ readonly listing: Listing; readonly complete: boolean }> => {
  const listing = new Listing(run);
  const trail = new PageTrail();
  const totals: number[] = [];
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
    if (answer === undefined) break;
    const total = asInteger(answer.data.total_count);
    if (total !== null) totals.push(total);
    trail.follow(answer.data.pages, await listing.take(answer));
  }
  // Page numbers shift when the order changes; what slid past a border was never shown.
  const complete = totals.every((total) => total === listing.seen + listing.unusable);
  return { listing, complete };
};
