import { CONTACTS_PATH, isContactPage } from '../entities/contact/endpoints.ts';
import type { RunContext } from './run-context.ts';
import { serverSeconds } from './run-context.ts';
import { fetchSearchPage } from './search-page.ts';
import { TICKETS } from './ticket-source.ts';
import type { SyncEntity, Verification, VerifiedWindow } from './types.ts';

/**
 * What the comparison found: the ledger's windows that were compared since `since` (server time, Unix seconds), and counts
 * of what is not listed by windows. Entities that may not be read are left out.
 */
export const verificationOf = async (
  run: RunContext,
  entities: readonly SyncEntity[],
  since: number,
): Promise<Verification> => {
  const { workspaceId } = run.fence;
  const ledger = await run.store.read('listCoverage', { workspaceId });
  const windows = ledger
    .filter((row) => row.completed_at !== null && row.begun_at >= since)
    .map((row): VerifiedWindow => {
      const { absent, entity, incomplete, listed, missing, outdated } = row;
      const stored = listed - missing + absent;
      const span = { start: row.window_start, end: row.window_end };
      return { entity, ...span, listed, stored, missing, outdated, incomplete, absent };
    })
    .filter(({ listed, stored }) => listed > 0 || stored > 0);
  const counts = await countsOf(run, entities);
  const differences =
    windows.reduce(
      (sum, found) => sum + found.missing + found.outdated + found.incomplete + found.absent,
      0,
    ) + counts.reduce((sum, { listed, stored }) => sum + Math.abs(listed - stored), 0);
  return { windows, counts, differences };
};

const countsOf = async (
  run: RunContext,
  entities: readonly SyncEntity[],
): Promise<Verification['counts']> => {
  const { client, fence, report, signal, store } = run;
  const { entities: stored } = await store.read('readStatus', { workspaceId: fence.workspaceId });
  const ask: Partial<Record<SyncEntity, () => Promise<number | null>>> = {
    async contacts() {
      const query = { per_page: 1 };
      const { data } = await client.request('GET', CONTACTS_PATH, { query, expect: isContactPage, signal });
      return data.total_count ?? null;
    },
    async tickets() {
      const search = { field: 'created_at', lower: 0, upper: serverSeconds(client), perPage: 1 } as const;
      return (await fetchSearchPage(client, TICKETS.endpoint, search, signal)).total;
    },
  };
  const counts = [];
  for (const entity of entities) {
    const { failed, skipped_reason: skipped } = report.entity(entity);
    const listed = failed > 0 || skipped !== null ? null : await ask[entity]?.();
    if (listed === null || listed === undefined) continue;
    counts.push({ entity, listed, stored: stored.find((row) => row.entity === entity)?.stored ?? 0 });
  }
  return counts;
};
