import { PAGED_ENTITIES, SMALL_TABLE_KEYS } from '../data/listed-entities.ts';
import { AppError, isAppError, toAppError } from '../errors/app-error.ts';
import { noteAllowed, noteFailed, noteRefused, refusalOf, failedLately } from './capabilities.ts';
import { deriveColumns } from './derive-columns.ts';
import { entitySteps } from './entity-steps.ts';
import { NOT_PERMITTED } from './not-permitted.ts';
import { fetchWokenObjectsUntil, fetchWokenThreadsUntil } from './obey-wakes.ts';
import { type RunContext, serverSeconds } from './run-context.ts';
import { SYNC_ENTITIES, type SyncEntity } from './types.ts';

/** Ends the whole run. */
const ENDS_RUN = new Set([
  'INTERCOM_UNAUTHORIZED',
  'INTERCOM_FOREIGN_HOST',
  'SYNC_LEASE_LOST',
  'SYNC_WORKSPACE_MISMATCH',
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

/**
 * Syncs the entities side by side; the failure of one does not stop the others, unless it ends the whole run.
 * @throws what ends the whole run
 */
export const runEntities = async (
  run: RunContext,
  entities: readonly SyncEntity[],
  full: boolean,
): Promise<void> => {
  const steps = entitySteps(entities, full);
  // Known of all before any begins: a step waits for that of another only where it has begun.
  const dues = new Map(entities.map((entity) => [entity, isDue(run, entity)] as const));
  await Promise.allSettled(dues.values());
  const ended = new AbortController();
  const signal = AbortSignal.any([run.signal, ended.signal]);
  /** What ends the run; the first one counts. */
  const fatal: unknown[] = [];
  const guarded = async (entity: SyncEntity): Promise<void> => {
    try {
      if (!(await dues.get(entity))) return;
      await steps[entity]({ ...run, signal });
      await noteAllowed(run, entity);
    } catch (error) {
      try {
        if (fatal.length === 0) await noteFailure(run, entity, error);
      } catch (ending) {
        fatal.push(ending);
        ended.abort(ending);
      }
    }
  };
  /** Beside everything else; where it fails the next run goes on with it. */
  const beside = async (what: string, work: (context: RunContext) => Promise<void>): Promise<void> => {
    try {
      await work({ ...run, signal });
    } catch (error) {
      const { code } = toAppError(error);
      if (signal.aborted) return;
      run.logger.error({ code, err: error }, what);
      if (!ENDS_RUN.has(code)) return;
      fatal.push(error);
      ended.abort(error);
    }
  };
  const othersDone = new AbortController();
  const others = Promise.all(entities.filter((name) => name !== 'conversations').map(guarded)).finally(() =>
    othersDone.abort(),
  );
  /** Polls and webhooks go on while a long list of something else does. */
  const conversations = async (): Promise<void> => {
    const { pollMs } = run;
    for (;;) {
      if (entities.includes('conversations')) await guarded('conversations');
      const due = pollMs === undefined ? [] : [AbortSignal.timeout(pollMs)];
      const until = AbortSignal.any([othersDone.signal, ...due]);
      await beside('what webhooks announced could not be fetched', (context) =>
        fetchWokenThreadsUntil(context, until),
      );
      if (pollMs === undefined || othersDone.signal.aborted || signal.aborted) return;
    }
  };
  const allDone = new AbortController();
  const all = Promise.all([
    others,
    conversations(),
    beside('columns could not be read anew', deriveColumns),
  ]).finally(() => allDone.abort());
  const obeying = beside('what webhooks announced could not be fetched', (context) =>
    fetchWokenObjectsUntil(context, allDone.signal),
  );
  await Promise.all([all, obeying]);
  if (fatal.length > 0) throw fatal[0];
};

/** Seconds after which a run that nobody asked for lists an entity again; others are listed by what changed. */
const REST_SECONDS: Partial<Record<SyncEntity, number>> = {
  ...Object.fromEntries(Object.keys(SMALL_TABLE_KEYS).map((entity) => [entity, 600])),
  ...Object.fromEntries(PAGED_ENTITIES.map((entity) => [entity, 86_400])),
  companies: 86_400,
  contacts: 300,
};
/** Those that were refused or failed are not asked for again on every poll. */
const FAILED_REST_SECONDS = 600;

const isDue = async (run: RunContext, entity: SyncEntity): Promise<boolean> => {
  const rest = REST_SECONDS[entity];
  if (run.pollMs === undefined || rest === undefined) return true;
  if (await failedLately(run, entity, FAILED_REST_SECONDS)) return false;
  const workspaceId = run.fence.workspaceId;
  const plan = await run.store.read('readSyncPlan', { workspaceId, entity, kind: 'backfill' });
  return plan.scan !== null || serverSeconds(run.client) - (plan.completedAt ?? 0) >= rest;
};

/** Notes why an entity could not be synced. @throws what ends the whole run */
const noteFailure = async (run: RunContext, entity: SyncEntity, error: unknown): Promise<void> => {
  const { fence, logger, report, store } = run;
  const thrown = toAppError(error);
  if (run.signal.aborted) throw error;
  const judged = await run.judgeRefusal(thrown);
  if (ENDS_RUN.has(judged.code)) throw judged === thrown ? error : judged;
  const refusal = refusalOf(entity, judged);
  const known = refusal?.error ?? judged;
  if (refusal !== undefined) await noteRefused(run, entity, refusal);
  else if (REST_SECONDS[entity] !== undefined) await noteFailed(run, entity, known.code);
  if (!isAppError(error)) logger.error({ entity, err: error }, 'an entity failed unexpectedly');
  else logger.warn({ entity, code: known.code, details: known.details }, 'an entity could not be synced');
  if (NOT_PERMITTED.has(known.code)) report.entity(entity).skipped_reason = known.code;
  else {
    report.entity(entity).failed += 1;
    report.incomplete.push({ entity, id: '*', code: known.code });
  }
  await store.write('failEntity', { fence, entity, code: known.code });
};
