import { describe, expect, it } from 'vitest';
import { progressText, readProgress, timeLeft } from './run-progress.ts';

const NOTED = {
  phase: 'syncing',
  conversations: { known: 300, total: 1_000, hydrated: 120 },
  listing: { done: 300, total: 1_000, etaMs: 2_100 },
  threads: { done: 120, total: 1_000, etaMs: 600_000 },
  contacts: 50,
  requests: 140,
  elapsedMs: 9_000,
};

describe('the progress of a run', () => {
  it('is read as it was noted', () => {
    const progress = readProgress(JSON.stringify(NOTED));
    expect(progress).toEqual({
      phase: 'syncing',
      listing: { done: 300, total: 1_000, eta_ms: 2_100 },
      threads: { done: 120, total: 1_000, eta_ms: 600_000 },
      contacts: 50,
      requests: 140,
      elapsed_ms: 9_000,
    });
    expect(timeLeft(progress)).toBe(600_000);
  });

  it.each([null, '', 'x', '[]', '3', '{}', '{"phase":4}'])('is none where %j was noted', (json) => {
    expect(readProgress(json)).toBeNull();
    expect(timeLeft(readProgress(json))).toBeNull();
  });

  it('has words for each of its speeds', () => {
    const say = (more: object): string => {
      const progress = readProgress(JSON.stringify({ ...NOTED, ...more }));
      return progress === null ? '' : progressText(progress);
    };
    expect(say({})).toBe(
      '300 of 1,000 conversations listed, about 3 s left; 120 of 1,000 with their thread, about 10 min left; 140 requests so far',
    );
    expect(say({ listing: { done: 1_000, total: 1_000, etaMs: 0 } })).toContain(
      '1,000 of 1,000 conversations listed;',
    );
    expect(say({ listing: { done: 7, total: null, etaMs: null } })).toContain('7 conversations listed;');
    expect(say({ threads: { done: 1, total: 900, etaMs: null } })).toContain('1 of 900 with their thread;');
  });
});
