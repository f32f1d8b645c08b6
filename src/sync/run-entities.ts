import { AppError, isAppError, toAppError } from '../errors/app-error.ts';
import type { RunContext } from './run-context.ts';
import { syncContacts } from './sync-contacts.ts';
import { syncConversations } from './sync-conversations.ts';
import { syncSmallTable } from './sync-small-tables.ts';
import { SYNC_ENTITIES, type SyncEntity } from './types.ts';

/** Not this token's to have: named, and no reason to fail (CONTRACT "Exit codes"). */
const NOT_PERMITTED = new Set(['INTERCOM_FORBIDDEN', 'INTERCOM_PLAN']);
/** Ends the whole run. */
const ENDS_RUN = new Set([
  'INTERCOM_UNAUTHORIZED',
  'INTERCOM_FOREIGN_HOST',
  'SYNC_LEASE_LOST',
  'STORE_FULL',
  'STORE_READ_ONLY',
  'STORE_DAMAGED',
  'STORE_CLOSED',
  'STORE_UNREACHABLE',
]);

/**
 * The entities of a run.
 * @throws AppError USAGE_INVALID for a name that is not one
 */
export const chosenEntities = (only: readonly string[] | undefined): readonly SyncEntity[] => {
  if (only === undefined || only.length === 0) return SYNC_ENTITIES;
  const unknown = only.find((name) => !(SYNC_ENTITIES as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new AppError(
      'USAGE_INVALID',
      `There is no entity "${unknown}"; there are ${SYNC_ENTITIES.join(', ')}.`,
    );
  }
  return SYNC_ENTITIES.filter((name) => only.includes(name));
};

/** Syncs the entities side by side; the failure of one does not stop the others. @throws what ends the whole run */
export const runEntities = async (
  run: RunContext,
  entities: readonly SyncEntity[],
  full: boolean,
): Promise<void> => {
  const steps: Record<SyncEntity, () => Promise<void>> = {
    admins: () => syncSmallTable(run, 'admins'),
    teams: () => syncSmallTable(run, 'teams'),
    tags: () => syncSmallTable(run, 'tags'),
    contacts: () => syncContacts(run),
    conversations: () => syncConversations(run, full),
  };
  const outcomes = await Promise.allSettled(entities.map((entity) => guarded(run, entity, steps[entity])));
  const fatal = outcomes.find((outcome) => outcome.status === 'rejected');
  if (fatal) throw fatal.reason;
};

const guarded = async (run: RunContext, entity: SyncEntity, step: () => Promise<void>): Promise<void> => {
  const { report, store, fence, logger } = run;
  try {
    await step();
  } catch (error) {
    const thrown = toAppError(error);
    if (run.signal.aborted) throw error;
    const known = thrown.code === 'INTERCOM_UNAUTHORIZED' ? await run.judgeRefusal(thrown) : thrown;
    if (ENDS_RUN.has(known.code)) throw known === thrown ? error : known;
    if (!isAppError(error)) logger.error({ entity, err: error }, 'an entity failed unexpectedly');
    else logger.warn({ entity, code: known.code, details: known.details }, 'an entity could not be synced');
    if (NOT_PERMITTED.has(known.code)) report.entity(entity).skipped_reason = known.code;
    else {
      report.entity(entity).failed += 1;
      report.incomplete.push({ entity, id: '*', code: known.code });
    }
    await store.write('failEntity', { fence, entity, code: known.code });
  }
};
