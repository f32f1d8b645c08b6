import { expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import type { SyncProgress, SyncResult } from '../sync/types.ts';
import { joinOutcomes, joinProgress, worstCode } from './sync-outcome.ts';

const entity = { listed: 2, fetched: 1, changed: 1, failed: 0, skipped_reason: null };
const good: SyncResult = {
  status: 'complete',
  exit_code: 0,
  entities: { tags: entity, conversations: entity },
  incomplete: [],
  requests: 5,
  duration_ms: 10,
};
const incomplete: SyncResult = {
  ...good,
  status: 'incomplete',
  exit_code: 3,
  entities: { conversations: { ...entity, failed: 1, skipped_reason: 'INTERCOM_PLAN' } },
  incomplete: [{ entity: 'conversations', id: '42', code: 'INTERCOM_TIMEOUT' }],
};
const outcome = (workspace: string, result: SyncResult | AppError) => ({ workspace, same: [], result });

it('takes the worst exit code: a failure before a gap, a wrong setting before a failure', () => {
  expect(worstCode([])).toBe(0);
  expect(worstCode([0, 3, 0])).toBe(3);
  expect(worstCode([1, 3])).toBe(1);
  expect(worstCode([1, 2, 0])).toBe(2);
});

it('makes one result of several, in the form of one', () => {
  const joined = joinOutcomes([outcome('a', good), outcome('b', incomplete)], 77);
  expect(joined).toEqual({
    status: 'incomplete',
    exit_code: 3,
    entities: {
      tags: entity,
      conversations: { listed: 4, fetched: 2, changed: 2, failed: 1, skipped_reason: 'INTERCOM_PLAN' },
    },
    incomplete: [{ workspace: 'b', entity: 'conversations', id: '42', code: 'INTERCOM_TIMEOUT' }],
    requests: 10,
    duration_ms: 77,
    workspaces: { a: { status: 'complete', exit_code: 0 }, b: { status: 'incomplete', exit_code: 3 } },
  });
  const failed = joinOutcomes([outcome('a', good), outcome('b', new AppError('INTERCOM_UNAUTHORIZED'))], 1);
  expect(failed).toMatchObject({
    status: 'failed',
    exit_code: 1,
    requests: 5,
    workspaces: { b: { status: 'failed', exit_code: 1 } },
  });
});

it('shows several syncs as one: sums, and done only when all are', () => {
  const shown: SyncProgress[] = [];
  const of = joinProgress((progress) => shown.push(progress));
  const progress = (
    phase: SyncProgress['phase'],
    total: number | null,
    etaMs: number | null,
  ): SyncProgress => ({
    phase,
    conversations: { known: 10, total, hydrated: 4 },
    contacts: 1,
    requests: 3,
    elapsedMs: 100,
    etaMs,
  });
  const [a, b] = [of('a'), of('b')];
  a.onProgress?.(progress('done', 20, null));
  b.onProgress?.(progress('syncing', null, 50));
  b.onProgress?.(progress('done', 30, 20));
  expect(shown.map(({ phase, conversations, etaMs }) => [phase, conversations.total, etaMs])).toEqual([
    ['starting', 20, null],
    ['syncing', null, 50],
    ['done', 50, 20],
  ]);
  expect(shown.at(-1)).toMatchObject({ conversations: { known: 20, hydrated: 8 }, requests: 6, contacts: 2 });
  expect(joinProgress(undefined)('a')).toEqual({});
});
