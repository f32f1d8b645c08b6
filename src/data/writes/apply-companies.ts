import type { CompanyTable } from '../../entities/company/table.ts';
import type { AttributeValue } from '../../lib/custom-attributes.ts';
import type { WriteContext } from '../context.ts';
import { packPayload } from '../payload-codec.ts';
import { assertFence, type Fence } from './fence.ts';
import { PRIORITY } from '../fetch-priority.ts';
import { dequeue, enqueue, type FetchFailure, noteFailures } from './fetch-queue.ts';
import { changeCounts } from './mirror-counts.ts';
import { putAttributes, removeAttributes } from './put-attributes.ts';
import { storedTimes } from './stored-times.ts';
import { upsertRows } from './upsert-rows.ts';

const ENTITY = 'companies';
/** A company that is no longer listed is asked for again after this time. */
const RECHECK_SECONDS = 7 * 86_400;
/** Bound values in one statement. */
const IDS_PER_STATEMENT = 500;

export interface IncomingCompany {
  readonly columns: Omit<
    CompanyTable,
    'workspace_id' | 'payload' | 'fetched_at' | 'listed_in' | 'listed' | 'deleted_at'
  >;
  readonly attributes: readonly AttributeValue[];
  /** The object's JSON, character for character. */
  readonly payload: string;
}

export interface ApplyCompaniesArgs {
  readonly fence: Fence;
  /** Names the listing that showed them; null for companies that were asked for one by one. */
  readonly listing: string | null;
  readonly companies: readonly IncomingCompany[];
  /** Server time of the answer, Unix seconds. */
  readonly fetchedAt: number;
}

/**
 * Stores companies. One that is older than what is stored comes from a replica that lags: only that it is there is noted.
 * @returns companies that were new or newer
 */
export const applyCompanies = async (context: WriteContext, args: ApplyCompaniesArgs): Promise<number> => {
  const { db } = context;
  const { fence, fetchedAt, listing } = args;
  const { workspaceId } = fence;
  await assertFence(context, fence);
  const companies = [...new Map(args.companies.map((company) => [company.columns.id, company])).values()];
  const ids = companies.map(({ columns }) => columns.id);
  if (ids.length === 0) return 0;
  const known = await storedTimes(db, 'companies', workspaceId, ids);
  const isStale = ({ columns: { id, updated_at } }: IncomingCompany): boolean =>
    (updated_at ?? 0) < (known.get(id)?.updated_at ?? 0);
  const current = companies.filter((company) => !isStale(company));
  const listed = { listed_in: listing, listed: listing === null ? 0 : 1, deleted_at: null };
  await upsertRows(
    db,
    'companies',
    ['workspace_id', 'id'],
    current.map(({ columns, payload }) => ({
      workspace_id: workspaceId,
      ...columns,
      payload: packPayload(payload),
      fetched_at: fetchedAt,
      ...listed,
    })),
  );
  const stale = companies.filter(isStale).map(({ columns }) => columns.id);
  if (stale.length > 0) {
    await db
      .updateTable('companies')
      .set(listed)
      .where('workspace_id', '=', workspaceId)
      .where('id', 'in', stale)
      .execute();
  }
  await putAttributes(
    db,
    workspaceId,
    ENTITY,
    current.map(({ attributes, columns }) => ({ id: columns.id, attributes })),
  );
  await changeCounts(context, workspaceId, ENTITY, {
    stored: ids.filter((id) => known.get(id)?.deleted_at !== null).length,
    hydrated: 0,
  });
  await dequeue(db, workspaceId, ENTITY, ids);
  return current.filter(({ columns }) => known.get(columns.id)?.updated_at !== columns.updated_at).length;
};

export interface EndCompanyListingArgs {
  readonly fence: Fence;
  readonly listing: string;
  /** Server time, Unix seconds. */
  readonly now: number;
}

/**
 * After a complete listing: what it did not show is not gone, for companies without users are never listed. Each is asked
 * for by itself (API-FACTS 5.4, TRAPS T12). @returns how many
 */
export const endCompanyListing = async (
  context: WriteContext,
  args: EndCompanyListingArgs,
): Promise<number> => {
  const { db } = context;
  const { fence, listing, now } = args;
  const { workspaceId } = fence;
  await assertFence(context, fence);
  const absent = await db
    .selectFrom('companies')
    .select(['id', 'created_at'])
    .where('workspace_id', '=', workspaceId)
    .where('deleted_at', 'is', null)
    .where((eb) => eb.or([eb('listed_in', 'is', null), eb('listed_in', '!=', listing)]))
    .where((eb) => eb.or([eb('listed', '=', 1), eb('fetched_at', '<', now - RECHECK_SECONDS)]))
    .execute();
  for (let start = 0; start < absent.length; start += IDS_PER_STATEMENT) {
    await db
      .updateTable('companies')
      .set({ listed: 0 })
      .where('workspace_id', '=', workspaceId)
      .where(
        'id',
        'in',
        absent.slice(start, start + IDS_PER_STATEMENT).map((row) => row.id),
      )
      .execute();
  }
  await wantCompanies(
    context,
    workspaceId,
    absent.map((row) => ({ id: row.id, createdAt: row.created_at ?? 0 })),
  );
  return absent.length;
};

const wantCompanies = (
  { db }: WriteContext,
  workspaceId: string,
  companies: readonly { readonly id: string; readonly createdAt: number }[],
): Promise<void> =>
  enqueue(
    db,
    workspaceId,
    ENTITY,
    companies.map((company) => ({ ...company, wantedUpdatedAt: 0 })),
    { priority: PRIORITY.repair, since: 0 },
  );

/** Companies that others refer to and that no listing showed are fetched by themselves. */
export const queueCompanies = async (
  context: WriteContext,
  args: { readonly fence: Fence; readonly ids: readonly string[] },
): Promise<void> => {
  await assertFence(context, args.fence);
  const companies = args.ids.map((id) => ({ id, createdAt: 0 }));
  await wantCompanies(context, args.fence.workspaceId, companies);
};

export interface FailCompaniesArgs {
  readonly fence: Fence;
  readonly failures: readonly FetchFailure[];
  readonly confirmAfterMs: number;
  /** Server time, Unix seconds. */
  readonly deletedAt: number;
}

/** Notes companies that could not be fetched; those that Intercom twice did not have are marked as deleted. */
export const failCompanies = async (context: WriteContext, args: FailCompaniesArgs): Promise<void> => {
  const { db } = context;
  const { workspaceId } = args.fence;
  await assertFence(context, args.fence);
  const gone = await noteFailures(context, workspaceId, ENTITY, args.failures, args.confirmAfterMs);
  if (gone.length === 0) return;
  const removed = await db
    .updateTable('companies')
    .set({ deleted_at: args.deletedAt, listed: 0 })
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', gone)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  await removeAttributes(db, workspaceId, ENTITY, gone);
  await changeCounts(context, workspaceId, ENTITY, { stored: -Number(removed.numUpdatedRows), hydrated: 0 });
  await dequeue(db, workspaceId, ENTITY, gone);
};
