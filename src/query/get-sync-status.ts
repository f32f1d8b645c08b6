import { type EntityName, SCOPES } from '../data/entity-names.ts';
import { AppError } from '../errors/app-error.ts';
import { ERROR_CODES, type ErrorCode } from '../errors/codes.ts';
import { isHolderGone } from '../lib/process-holder.ts';
import type { AskedWorkspace } from './asked-workspace.ts';
import type { QueryDeps } from './deps.ts';
import { isoTime, isoTimeOrNull } from './iso-time.ts';
import { answerMetadata, factsOf } from './mirror-facts.ts';
import { readOptions } from './read-options.ts';
import { readProgress } from './run-progress.ts';
import type { CallContext, SyncStatusAnswer } from './types.ts';

const describe = (entity: string, code: string) => {
  const entry = ERROR_CODES[code as ErrorCode] ?? ERROR_CODES.INTERNAL;
  const scope = code === 'INTERCOM_FORBIDDEN' ? SCOPES[entity as EntityName] : undefined;
  const remedy =
    scope === undefined
      ? entry.remedy
      : `Add the permission "${scope}" to the app in the Intercom Developer Hub.`;
  return { code, message: entry.meaning, remedy };
};

/** The status of a workspace, or of the whole mirror, of which nothing is there. */
export const nothingYet = (deps: QueryDeps, aliases: readonly string[]): SyncStatusAnswer => {
  const paused = deps.syncing?.pausedBy(aliases);
  return {
    aliases,
    state: paused ? 'paused' : 'never',
    workspace: null,
    entities: [],
    queue: { waiting: 0, failed: [] },
    last_run: null,
    progress: null,
    looks: [],
    compared: null,
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

/** The last sync, in whatever process it was, ended because the token is not taken: the next one will, too. */
const refusalOf = (status: string | undefined): AppError | undefined =>
  status === 'INTERCOM_UNAUTHORIZED' ? new AppError(status) : undefined;

/** What is mirrored of a workspace, how fresh and how complete. */
export const getSyncStatus = async (
  deps: QueryDeps,
  workspace: AskedWorkspace,
  call?: CallContext,
): Promise<SyncStatusAnswer> => {
  const options = readOptions(call);
  const facts = await factsOf(deps, workspace, call);
  const { aliases, id: workspaceId, name, region, time_zone } = workspace;
  const run = await deps.reader.read('findRun', { workspaceId }, options);
  const { conversations, syncHolder } = facts.status;
  const { queue } = conversations;
  const syncing = syncHolder !== null && !isHolderGone(syncHolder) && run?.finishedAt === null;
  const paused = deps.syncing?.pausedBy(aliases) ?? (syncing ? undefined : refusalOf(run?.status));
  const notes = [
    ...(paused ? [`${paused.message} ${paused.remedy}`] : []),
    ...(aliases.length > 1
      ? [`The aliases ${aliases.join(', ')} are of the same workspace; it is mirrored once.`]
      : []),
  ];
  return {
    aliases,
    state: paused ? 'paused' : syncing ? 'syncing' : 'idle',
    workspace: { id: workspaceId, name, region, time_zone },
    entities: facts.status.entities.map((entity) => ({
      entity: entity.entity,
      stored: entity.stored,
      complete: entity.backfilled,
      access: entity.access,
      as_of: isoTimeOrNull(entity.backfilled ? entity.watermark : null),
      error: entity.errorCode === null ? null : describe(entity.entity, entity.errorCode),
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
    looks: facts.status.looks,
    compared:
      facts.status.compared === null
        ? null
        : {
            ...facts.status.compared,
            oldest: isoTime(facts.status.compared.oldest),
            newest: isoTime(facts.status.compared.newest),
          },
    metadata: answerMetadata(facts, { query: null, filters: {} }, notes),
  };
};
