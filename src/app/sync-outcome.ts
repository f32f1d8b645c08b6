import type { AppError } from '../errors/app-error.ts';
import type { EntityResult, SyncProgress, SyncResult } from '../sync/types.ts';

/** How the sync of one workspace ended. */
export interface WorkspaceOutcome {
  /** The alias whose token was used. */
  readonly workspace: string;
  /** Other aliases that turned out to be of the same workspace. */
  readonly same: readonly string[];
  readonly result: SyncResult | AppError;
}

/** 0 done, 3 incomplete, 1 failed, 2 configuration: the worst of several counts. */
const SEVERITY: readonly number[] = [0, 3, 1, 2];

export const worstCode = (codes: readonly number[]): number =>
  codes.reduce((worst, code) => (SEVERITY.indexOf(code) > SEVERITY.indexOf(worst) ? code : worst), 0);

const isResult = (result: SyncResult | AppError): result is SyncResult => !(result instanceof Error);

export const exitCodeOf = ({ result }: WorkspaceOutcome): number =>
  isResult(result) ? result.exit_code : result.exitCode;

/** All workspaces as one result, in the form of one (CONTRACT `sync --json`). */
export interface JoinedResult extends Omit<SyncResult, 'exit_code' | 'incomplete'> {
  readonly exit_code: number;
  readonly incomplete: readonly (SyncResult['incomplete'][number] & { readonly workspace: string })[];
  readonly workspaces: Readonly<Record<string, { readonly status: string; readonly exit_code: number }>>;
}

const addEntity = (into: Record<string, EntityResult>, name: string, more: EntityResult): void => {
  const known = into[name];
  into[name] =
    known === undefined
      ? { ...more }
      : {
          listed: known.listed + more.listed,
          fetched: known.fetched + more.fetched,
          changed: known.changed + more.changed,
          failed: known.failed + more.failed,
          skipped_reason: known.skipped_reason ?? more.skipped_reason,
        };
};

export const joinOutcomes = (outcomes: readonly WorkspaceOutcome[], durationMs: number): JoinedResult => {
  const entities: Record<string, EntityResult> = {};
  const good = outcomes.flatMap(({ result, workspace }) =>
    isResult(result) ? [{ ...result, workspace }] : [],
  );
  for (const { entities: own } of good)
    for (const [name, entity] of Object.entries(own)) addEntity(entities, name, entity);
  const exitCode = worstCode(outcomes.map(exitCodeOf));
  const status = exitCode === 0 ? 'complete' : exitCode === 3 ? 'incomplete' : 'failed';
  return {
    status,
    exit_code: exitCode,
    entities,
    incomplete: good.flatMap(({ incomplete, workspace }) =>
      incomplete.map((item) => ({ workspace, ...item })),
    ),
    requests: good.reduce((sum, { requests }) => sum + requests, 0),
    duration_ms: durationMs,
    workspaces: Object.fromEntries(
      outcomes.map((outcome) => [
        outcome.workspace,
        {
          status: isResult(outcome.result) ? outcome.result.status : 'failed',
          exit_code: exitCodeOf(outcome),
        },
      ]),
    ),
  };
};

const PHASES: readonly SyncProgress['phase'][] = ['syncing', 'waiting', 'starting', 'done'];

/** Tells one listener of several syncs as if they were one. */
export const joinProgress = (
  listener: ((progress: SyncProgress) => void) | undefined,
): ((workspace: string) => { readonly onProgress?: (progress: SyncProgress) => void }) => {
  /** Null until it says something. */
  const latest = new Map<string, SyncProgress | null>();
  const told = (): SyncProgress[] => [...latest.values()].filter((progress) => progress !== null);
  const sum = (pick: (progress: SyncProgress) => number): number =>
    told().reduce((total, progress) => total + pick(progress), 0);
  const longest = (times: readonly (number | null)[]): number | null =>
    times.reduce<number | null>((most, time) => (time === null ? most : Math.max(most ?? 0, time)), null);
  const joined = (): SyncProgress => {
    const all = told();
    const phases = [...latest.values()].map((progress) => progress?.phase ?? 'starting');
    return {
      phase: PHASES.find((phase) => phases.includes(phase)) ?? 'starting',
      conversations: {
        known: sum(({ conversations }) => conversations.known),
        total: all.some(({ conversations }) => conversations.total === null)
          ? null
          : sum(({ conversations }) => conversations.total ?? 0),
        hydrated: sum(({ conversations }) => conversations.hydrated),
      },
      contacts: sum(({ contacts }) => contacts),
      requests: sum(({ requests }) => requests),
      elapsedMs: Math.max(...all.map(({ elapsedMs }) => elapsedMs)),
      etaMs: longest(all.map(({ etaMs }) => etaMs)),
    };
  };
  return (workspace) => {
    if (listener === undefined) return {};
    latest.set(workspace, null);
    return {
      onProgress(progress) {
        latest.set(workspace, progress);
        listener(joined());
      },
    };
  };
};
