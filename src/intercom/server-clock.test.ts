import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createServerClock } from './server-clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets `latenciesMs` requests pass against a server whose clock is `skewMs` ahead; the clock and the true server time. */
const run = (skewMs: number, latenciesMs: readonly number[]) => {
  const clock = createServerClock();
  const serverNow = (): number => Date.now() + skewMs;
  for (const latencyMs of latenciesMs) {
    const sent = performance.now();
    vi.advanceTimersByTime(latencyMs);
    const date = Math.floor(serverNow() / 1_000) * 1_000;
    vi.advanceTimersByTime(latencyMs);
    clock.observe(date, sent, performance.now());
  }
  return { clock, serverNow };
};

test('is never ahead of the server and at most a second and a round trip behind, whatever the skew', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -400_000, max: 400_000 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 30 }),
      (skewMs, latenciesMs) => {
        const { clock, serverNow } = run(skewMs, latenciesMs);
        for (const time of [clock.earliestMs(), clock.nowMs()]) {
          expect(time).toBeLessThanOrEqual(serverNow() + 0.001);
          expect(time).toBeGreaterThan(serverNow() - 1_000 - 400 - 1);
        }
      },
    ),
    { seed: 54, numRuns: 200 },
  );
});

test('many answers narrow the second down to the way back', () => {
  const { clock, serverNow } = run(
    300_000,
    Array.from({ length: 100 }, () => 13),
  );
  expect(serverNow() - clock.earliestMs()).toBeLessThan(13 + 26 + 2);
});

test('an answer that contradicts the others replaces them', () => {
  const { clock } = run(300_000, [5, 5, 5]);
  const date = Math.floor(Date.now() / 1_000) * 1_000 - 50_000;
  clock.observe(date, performance.now(), performance.now());
  expect(clock.earliestMs()).toBeCloseTo(date, 0);
});

test('before the first answer it is the local clock', () => {
  expect(createServerClock().nowMs()).toBe(Date.now());
});
