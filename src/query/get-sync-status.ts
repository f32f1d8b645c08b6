import { ERROR_CODES, type ErrorCode } from '../errors/codes.ts';
import { isHolderGone } from '../lib/process-holder.ts';
import type { QueryDeps } from './deps.ts';
import { isoTime, isoTimeOrNull } from './iso-time.ts';
import { answerMetadata, mirrorFacts, readOptions } from './mirror-facts.ts';
import { readProgress } from './run-progress.ts';
import type { CallContext, SyncStatusAnswer } from './types.ts';

const describe = (code: string) => {
  const entry = ERROR_CODES[code as ErrorCode] ?? ERROR_CODES.INTERNAL;
  return { code, message: entry.meaning, remedy: entry.remedy };
};

const nothingYet = (deps: QueryDeps): SyncStatusAnswer => {
  const paused = deps.syncPaused?.();
  return {
    state: paused ? 'paused' : 'never',
    workspace: null,
    entities: [],
    queue: { waiting: 0, failed: [] },
    last_run: null,
    progress: null,
    metadata: {
      query: null,
      filters_applied: {},
      as_of: null,
      last_updated: null,
      coverage: {
        complete: false,
        conversations: { known: 0, hydrated: 0 },
        window: { start: null, end: null },
        missing: ['everything'],
      },
      time_zone: 'UTC',
      notes: paused ? [`${paused.message} ${paused.remedy}`] : ['Nothing has been mirrored yet.'],
    },
  };
};

/** What is mirrored, how fresh and how complete; never an error because nothing is there yet. */
export const getSyncStatus = async (deps: QueryDeps, call?: CallContext): Promise<SyncStatusAnswer> => {
  const options = readOptions(call);
  const bound = await deps.reader.read('findWorkspace', { alias: deps.alias }, options);
  if (bound === null) return nothingYet(deps);
  const facts = await mirrorFacts(deps, call);
  const workspaceId = facts.workspace.id;
  const run = await deps.reader.read('findRun', { workspaceId }, options);
  const { conversations, syncHolder } = facts.status;
  const { queue } = conversations;
  const syncing = syncHolder !== null && !isHolderGone(syncHolder) && run?.finishedAt === null;
  const paused = deps.syncPaused?.();
  const notes = paused ? [`${paused.message} ${paused.remedy}`] : [];
  return {
    state: paused ? 'paused' : syncing ? 'syncing' : 'idle',
    workspace: facts.workspace,
    entities: facts.status.entities.map((entity) => ({
      entity: entity.entity,
      stored: entity.stored,
      complete: entity.backfilled,
      as_of: isoTimeOrNull(entity.backfilled ? entity.watermark : null),
      error: entity.errorCode === null ? null : describe(entity.errorCode),
    })),
    queue: { waiting: queue.waiting, failed: queue.parked },
    last_run:
      run === null
        ? null
        : {
            status: run.status,
            started_at: isoTime(Math.floor(run.startedAt / 1000)),
            finished_at: run.finishedAt === null ? null : isoTime(Math.floor(run.finishedAt / 1000)),
            requests: run.requests,
          },
    progress: syncing ? readProgress(run.progress) : null,
    metadata: answerMetadata(facts, { query: null, filters: {} }, notes),
  };
};
