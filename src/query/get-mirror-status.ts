import { isAppError } from '../errors/app-error.ts';
import { asAsked, askedWorkspace, workspacesOf } from './asked-workspace.ts';
import type { QueryDeps } from './deps.ts';
import { getSyncStatus, nothingYet } from './get-sync-status.ts';
import type {
  AnswerMetadata,
  CallContext,
  MirrorStatusAnswer,
  SyncStatusAnswer,
  WorkspaceInput,
} from './types.ts';

type Statuses = MirrorStatusAnswer['workspaces'];
type State = SyncStatusAnswer['state'];

/** The first that one of the workspaces is in is the state of the whole. */
const STATES: readonly State[] = ['syncing', 'paused', 'idle', 'never'];

/** ISO 8601 times of one form compare as text. */
const edge = (times: readonly (string | null)[], which: 'first' | 'last'): string | null =>
  times
    .filter((time) => time !== null)
    .toSorted()
    .at(which === 'first' ? 0 : -1) ?? null;

/** What is true of all: the oldest of their times, everything that any of them is missing. */
const joined = (statuses: Statuses): AnswerMetadata => {
  const [only, second] = statuses;
  if (second === undefined) return only.metadata;
  const all = statuses.map(({ metadata }) => metadata);
  const named = (pick: (metadata: AnswerMetadata) => readonly string[]): string[] =>
    statuses.flatMap(({ aliases, metadata }) =>
      pick(metadata).map((text) => `${aliases[0] ?? 'workspace'}: ${text}`),
    );
  const oldest = (times: readonly (string | null)[]): string | null =>
    times.includes(null) ? null : edge(times, 'first');
  const sum = (pick: (metadata: AnswerMetadata) => number): number =>
    all.reduce((total, metadata) => total + pick(metadata), 0);
  return {
    query: null,
    filters_applied: {},
    as_of: oldest(all.map((metadata) => metadata.as_of)),
    last_updated: oldest(all.map((metadata) => metadata.last_updated)),
    coverage: {
      complete: all.every(({ coverage }) => coverage.complete),
      conversations: {
        known: sum(({ coverage }) => coverage.conversations.known),
        hydrated: sum(({ coverage }) => coverage.conversations.hydrated),
      },
      window: {
        start: edge(
          all.map(({ coverage }) => coverage.window.start),
          'first',
        ),
        end: edge(
          all.map(({ coverage }) => coverage.window.end),
          'last',
        ),
      },
      missing: named(({ coverage }) => coverage.missing),
    },
    time_zone: 'UTC',
    notes: named(({ notes }) => notes),
  };
};

const together = (statuses: Statuses): MirrorStatusAnswer => ({
  state: STATES.find((state) => statuses.some((status) => status.state === state)) ?? 'never',
  workspaces: statuses,
  metadata: joined(statuses),
});

const statusOfOne = async (
  deps: QueryDeps,
  asked: string,
  call: CallContext | undefined,
): Promise<SyncStatusAnswer> => {
  try {
    return await getSyncStatus(deps, await askedWorkspace(deps, asked, call), call);
  } catch (error) {
    // Known by its token, and nothing of it is here: that is an answer.
    if (isAppError(error, 'WORKSPACE_UNKNOWN')) return nothingYet(deps, [asked.trim().toLowerCase()]);
    throw error;
  }
};

/**
 * What is mirrored, how fresh and how complete: of the named workspace, else of all that the mirror holds, and of those
 * that this process has a token for and could not mirror yet.
 * @throws AppError WORKSPACE_NOT_FOUND, STORE_*
 */
export const getMirrorStatus = async (
  deps: QueryDeps,
  { workspace: asked }: WorkspaceInput,
  call?: CallContext,
): Promise<MirrorStatusAnswer> => {
  if (asked !== undefined && asked.trim() !== '') return together([await statusOfOne(deps, asked, call)]);
  const bound = await workspacesOf(deps, call);
  const known = new Set(bound.flatMap(({ aliases }) => aliases));
  const missing = (deps.syncing?.aliases ?? []).filter((alias) => !known.has(alias));
  const [first, ...others] = [
    ...(await Promise.all(bound.map((workspace) => getSyncStatus(deps, asAsked(workspace, bound), call)))),
    ...missing.map((alias) => nothingYet(deps, [alias])),
  ];
  return together(first === undefined ? [nothingYet(deps, [])] : [first, ...others]);
};
