import type { IncomingCompany } from '../data/writes/apply-companies.ts';
import { companyPath } from '../entities/company/endpoints.ts';
import { mapCompany } from '../entities/company/mapping.ts';
import { AppError } from '../errors/app-error.ts';
import { attributeValues } from '../lib/custom-attributes.ts';
import { asObject, type Json } from '../lib/read-json.ts';
import { fetchQueued, type ObjectSource } from './fetch-queued.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

/** A payload and what it maps to, as the storage takes it; undefined without an id. */
export const toIncomingCompany = (payload: string, parsed: unknown): IncomingCompany | undefined => {
  const columns = mapCompany(parsed);
  if (columns === undefined) return undefined;
  return { columns, attributes: attributeValues(asObject(parsed), payload, 'custom_attributes'), payload };
};

const isCompany =
  (id: string) =>
  (json: unknown): json is Json =>
    asObject(json).id === id;

interface FetchedCompany {
  readonly company: IncomingCompany;
  readonly fetchedAt: number;
}

export const COMPANIES: ObjectSource<FetchedCompany> = {
  queue: 'companies',
  entity: 'companies',
  async fetch({ client, signal }, id, priority) {
    const { data, serverTime, text } = await client.request('GET', companyPath(id), {
      expect: isCompany(id),
      priority,
      signal,
    });
    const company = toIncomingCompany(text, data);
    if (company === undefined) throw new AppError('INTERCOM_BAD_BODY');
    return { company, fetchedAt: serverTime };
  },
  async store(run, items, failures) {
    const { client, fence, store, tuning } = run;
    await store.write('applyCompanies', {
      fence,
      listing: null,
      companies: items.map(({ company }) => company),
      fetchedAt: Math.max(0, ...items.map(({ fetchedAt }) => fetchedAt)),
    });
    await store.write('failCompanies', {
      fence,
      failures,
      confirmAfterMs: tuning.confirmAfterMs,
      deletedAt: serverSeconds(client),
    });
  },
};

/** Companies that are known by name only and fetched in one run; more of them wait for the next one. */
const MAX_UNKNOWN = 5_000;
const DEADLINE_MS = 60_000;

/**
 * Fetches companies that the list does not give: those that contacts and conversations belong to and that have no users
 * (API-FACTS 5.4), and those that it no longer shows.
 * @throws AppError the refusal, what ends the whole run
 */
export const fetchCompanies = async (run: RunContext): Promise<void> => {
  const { fence, store } = run;
  const ids = await store.read(
    'unknownCompanies',
    { workspaceId: fence.workspaceId, limit: MAX_UNKNOWN },
    { deadlineMs: DEADLINE_MS },
  );
  if (ids.length > 0) await store.write('queueCompanies', { fence, ids });
  const refusal = await fetchQueued(run, COMPANIES);
  if (refusal !== undefined) throw refusal;
};
