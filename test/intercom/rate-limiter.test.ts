import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRateLimiter, type Permit } from '../../src/intercom/rate-limiter.ts';
import { createServerClock } from '../../src/intercom/server-clock.ts';
import { type Scenario, simulate, WINDOW_MS } from './rate-simulation.ts';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'],
    now: Date.parse('2026-11-24T10:00:03.210Z'),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const thousandAMinute: Scenario = {
  limit: 166,
  share: 0.9,
  skewMs: 0,
  latencyMs: 300,
  workers: 128,
  maxInFlight: 128,
  runMs: 65_000,
  seed: 1,
};

test('reaches exactly the share of every window and is never refused', async () => {
  const { perWindow, refused } = await simulate(thousandAMinute);
  expect(perWindow.slice(0, -1)).toEqual([149, 149, 149, 149, 149, 149]);
  expect(refused).toBe(0);
});

test('reaches the share of 10,000 a minute', async () => {
  const { perWindow, refused, maxInFlight } = await simulate({
    ...thousandAMinute,
    limit: 1_666,
    latencyMs: 350,
    runMs: 35_000,
  });
  expect(perWindow.slice(1, -1)).toEqual([1_499, 1_499]);
  expect(refused).toBe(0);
  expect(maxInFlight).toBe(128);
});

test('whatever limit, share, skew, latency and phase: never refused by its own doing, full windows use the share', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        limit: fc.integer({ min: 1, max: 300 }),
        share: fc.double({ min: 0.05, max: 1, noNaN: true }),
        skewMs: fc.integer({ min: -300_000, max: 300_000 }),
        latencyMs: fc.integer({ min: 0, max: 1_500 }),
        workers: fc.integer({ min: 1, max: 200 }),
        maxInFlight: fc.integer({ min: 1, max: 128 }),
        offsetMs: fc.integer({ min: 0, max: 9 }).map((seconds) => seconds * 1_000),
        seed: fc.integer({ min: 1, max: 1_000_000 }),
      }),
      async (drawn) => {
        const { perWindow, refused, maxInFlight } = await simulate({ ...drawn, runMs: 45_000 });
        const budget = Math.max(1, Math.floor(drawn.limit * drawn.share + 1e-9));
        expect(refused).toBe(0);
        expect(maxInFlight).toBeLessThanOrEqual(drawn.maxInFlight);
        const full = perWindow.slice(1, -1);
        expect(full.length).toBeGreaterThan(1);
        // What the calls in flight can carry in the part of a window that is sure to be usable (Little's law, mean round trip).
        const carried =
          (Math.min(drawn.workers, drawn.maxInFlight) * (WINDOW_MS - 2_500)) / (drawn.latencyMs + 50);
        for (const count of full) {
          expect(count).toBeLessThanOrEqual(budget);
          if (carried > budget * 2) expect(count).toBe(budget);
        }
      },
    ),
    { seed: 2_026, numRuns: 60 },
  );
});

test('only one request is under way before the first answer', async () => {
  const { limiter, acquire } = setUp();
  const [first, second] = [await acquire(), vi.fn()];
  const waiting = acquire().then(second);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(second).not.toHaveBeenCalled();
  first.settle({ ok: true, reading: { limit: 10, remaining: 9, resetAtMs: Date.now() + 5_000 } });
  await waiting;
  expect(limiter.rate()).toMatchObject({ limit: 10, remaining: 8 });
});

test('without rate headers nothing but maxInFlight bounds the requests', async () => {
  const { acquire } = setUp({ maxInFlight: 3 });
  (await acquire()).settle({ ok: true });
  await acquire();
  const third = await acquire();
  const fourth = vi.fn();
  void acquire().then(fourth);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(fourth).not.toHaveBeenCalled();
  third.release();
  await vi.advanceTimersByTimeAsync(0);
  expect(fourth).toHaveBeenCalledOnce();
});

test('an error page without headers does not end the learning', async () => {
  const { acquire } = setUp();
  const first = await acquire();
  first.settle({ ok: false });
  first.release();
  await acquire();
  const third = vi.fn();
  void acquire().then(third);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(third).not.toHaveBeenCalled();
});

test('an urgent request finds way in a window that others have used up, and they lose nothing by it', async () => {
  const { acquire, clock } = setUp();
  const resetAtMs = Math.ceil(Date.now() / 1_000) * 1_000 + 9_000;
  const first = await acquire();
  clock.observe(Math.floor(Date.now() / 1_000) * 1_000, performance.now(), performance.now());
  first.settle({ ok: true, reading: { limit: 111, remaining: 110, resetAtMs } });
  first.release();
  const gone: number[] = [];
  const waiting = Array.from({ length: 120 }, async () => {
    const permit = await acquire();
    gone.push(Date.now());
    permit.release();
  });
  await vi.advanceTimersByTimeAsync(1_000);
  // 99 are ours, one is gone, and a twenty-fifth part is kept.
  expect(gone).toHaveLength(95);
  const urgent = vi.fn();
  for (let count = 0; count < 2; count += 1) void acquire('high').then(urgent);
  await vi.advanceTimersByTimeAsync(0);
  expect(urgent).toHaveBeenCalledTimes(2);
  const letGo = resetAtMs - 2_500;
  await vi.advanceTimersByTimeAsync(letGo - 1_000 - Date.now());
  expect(gone).toHaveLength(95);
  await vi.advanceTimersByTimeAsync(resetAtMs - Date.now());
  // Near the end of the window the rest of it goes.
  expect(gone).toHaveLength(96);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(gone).toHaveLength(120);
  await Promise.all(waiting);
});

test('when others use the bucket, the header is believed and the rest waits for the next window', async () => {
  const { acquire, clock } = setUp();
  const resetAtMs = Math.ceil(Date.now() / 1_000) * 1_000 + 4_000;
  const permits = [await acquire()];
  permits[0]?.settle({ ok: true, reading: { limit: 100, remaining: 99, resetAtMs } });
  permits.push(await acquire());
  clock.observe(Math.floor(Date.now() / 1_000) * 1_000, performance.now(), performance.now());
  permits[1]?.settle({ ok: true, reading: { limit: 100, remaining: 2, resetAtMs } });
  await acquire();
  await acquire();
  const third = vi.fn();
  void acquire().then(() => third(Date.now()));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(third).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(4_000);
  expect(third).toHaveBeenCalledOnce();
  expect(third.mock.lastCall?.[0]).toBeGreaterThanOrEqual(resetAtMs);
});

test.each([
  [10, 149],
  [30, 136],
  [60, 106],
  [150, 16],
])(
  'with another app that takes %i of each window, ours uses the %i that are left and is not refused',
  async (others, ours) => {
    const { perWindow, refused } = await simulate({ ...thousandAMinute, others, latencyMs: 100 });
    expect(new Set(perWindow.slice(1, -1))).toEqual(new Set([ours]));
    expect(refused).toBe(0);
  },
);

test('high priority goes first, then first come, first served; a repeated request keeps its place', async () => {
  const { acquire } = setUp();
  const first = await acquire();
  const order: string[] = [];
  const enqueue = (name: string, priority: 'high' | 'normal', ticket?: number): void => {
    void acquire(priority, ticket).then((permit) => {
      order.push(name);
      permit.release();
    });
  };
  enqueue('a', 'normal', 10);
  enqueue('b', 'normal', 11);
  enqueue('early', 'normal', 5);
  enqueue('urgent', 'high', 12);
  first.release();
  await vi.advanceTimersByTimeAsync(10);
  expect(order).toEqual(['urgent', 'early', 'a', 'b']);
});

test('after a 429 all keep still, then one probe at a time goes until one is not refused', async () => {
  const { acquire } = setUp();
  (await acquire()).settle({ ok: true });
  const late = await acquire();
  const refused = await acquire();
  refused.settle({ ok: false, pauseMs: 5_000 });
  refused.release();
  const started: Permit[] = [];
  for (let i = 0; i < 10; i += 1) void acquire().then((permit) => started.push(permit));
  await vi.advanceTimersByTimeAsync(4_900);
  expect(started).toHaveLength(0);
  // An answer to a request from before the pause proves nothing.
  late.settle({ ok: true });
  late.release();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(started).toHaveLength(1);
  started[0]?.settle({ ok: false, pauseMs: 5_000 });
  started[0]?.release();
  await vi.advanceTimersByTimeAsync(4_900);
  expect(started).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(started).toHaveLength(2);
  started[1]?.settle({ ok: true });
  await vi.advanceTimersByTimeAsync(0);
  expect(started).toHaveLength(10);
});

test('reset headers that make no sense delay a window but never stop the work', async () => {
  const { acquire } = setUp();
  const reading = { limit: 10, remaining: 9, resetAtMs: Date.now() * 1_000 };
  (await acquire()).settle({ ok: true, reading });
  let passed = 0;
  for (let i = 0; i < 30; i += 1) {
    void acquire().then((permit) => {
      passed += 1;
      permit.settle({ ok: true, reading });
      permit.release();
    });
  }
  await vi.advanceTimersByTimeAsync(1_000);
  expect(passed).toBe(8);
  await vi.advanceTimersByTimeAsync(12_000);
  expect(passed).toBeGreaterThanOrEqual(16);
});

test('a waiting request ends at once with the reason of its signal and leaves no timer behind', async () => {
  const { limiter, acquire } = setUp();
  (await acquire()).settle({ ok: false, pauseMs: 60_000 });
  const controller = new AbortController();
  const waiting = limiter.acquire({
    priority: 'normal',
    ticket: limiter.ticket(),
    signal: controller.signal,
  });
  controller.abort('enough');
  await expect(waiting).rejects.toBe('enough');
  expect(vi.getTimerCount()).toBe(0);
});

const setUp = (options: { maxInFlight?: number } = {}) => {
  const clock = createServerClock();
  const limiter = createRateLimiter({
    clock,
    share: 0.9,
    maxInFlight: 128,
    windowMs: WINDOW_MS,
    guardMs: 75,
    ...options,
  });
  const { signal } = new AbortController();
  const acquire = (priority: 'high' | 'normal' = 'normal', ticket = limiter.ticket()): Promise<Permit> =>
    limiter.acquire({ priority, ticket, signal });
  return { clock, limiter, acquire };
};
