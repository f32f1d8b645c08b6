import { AppError } from '../errors/app-error.ts';
import type { SyncOutcome } from './sync-port.ts';
import type { MissedObject, SyncNowAnswer } from './types.ts';

/** How the sync of one workspace ended. */
export interface Ended {
  readonly alias: string;
  /** The error that it failed with. */
  readonly outcome: SyncOutcome | AppError;
}

/** What all of them did. They ran side by side: together they took as long as the longest. */
export const summaryOf = (ends: readonly Ended[]): NonNullable<SyncNowAnswer['run']> => {
  const outcomes = ends.flatMap(({ outcome }) => (outcome instanceof AppError ? [] : [outcome]));
  const entities = outcomes.flatMap((outcome) => Object.values(outcome.entities));
  const sum = (field: 'changed' | 'fetched' | 'failed'): number =>
    entities.reduce((total, entity) => total + entity[field], 0);
  return {
    requests: outcomes.reduce((total, { requests }) => total + requests, 0),
    duration_ms: Math.max(0, ...outcomes.map((outcome) => outcome.duration_ms)),
    changed: sum('changed'),
    fetched: sum('fetched'),
    failed: sum('failed'),
  };
};

/** What they could not have; of several workspaces each is named. */
export const missedBy = (ends: readonly Ended[]): readonly MissedObject[] =>
  ends.flatMap(({ alias, outcome }): readonly MissedObject[] => {
    const missed =
      outcome instanceof AppError
        ? [{ entity: '*', id: '*', code: outcome.code }]
        : outcome.incomplete.map(({ code, entity, id }) => ({ entity, id, code }));
    return ends.length === 1 ? missed : missed.map((object) => ({ workspace: alias, ...object }));
  });
