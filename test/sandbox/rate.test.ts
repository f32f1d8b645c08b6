import { describe, expect, test } from 'vitest';
import { handClock, type OpenSandbox, openSandbox } from './support.ts';

/** Four seconds into a window of ten. */
const START = 1_790_000_004_000;
const RESET = '1790000010';

const headersOf = async (open: OpenSandbox): Promise<(number | string | null)[]> => {
  const { status, headers } = await open.ask('GET /tags');
  return [status, ...['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`))];
};

describe('rate windows of ten seconds', () => {
  test('hold a sixth of the limit, tell what is left, and begin anew at the full ten seconds', async () => {
    const clock = handClock(START);
    await using open = await openSandbox({ seed: 1, conversations: 3 }, { clock, rateLimitPerMinute: 20 });
    expect(await headersOf(open)).toEqual([200, '3', '2', RESET]);
    expect(await headersOf(open)).toEqual([200, '3', '1', RESET]);
    expect(await headersOf(open)).toEqual([200, '3', '0', RESET]);
    expect(await headersOf(open)).toEqual([429, '3', '0', RESET]);
    clock.move(5_999);
    expect(await headersOf(open)).toEqual([429, '3', '0', RESET]);
    clock.move(1);
    expect(await headersOf(open)).toEqual([200, '3', '2', '1790000020']);
    expect(open.sandbox.requests()).toMatchObject({ total: 6, rateLimited: 2 });
  });

  test.each([
    [1_000, '166'],
    [10_000, '1666'],
    [500, '83'],
    [6, '1'],
  ])('%i a minute are %s a window', async (perMinute, limit) => {
    await using open = await openSandbox({ seed: 1, conversations: 3 }, { rateLimitPerMinute: perMinute });
    expect((await open.ask('GET /tags')).headers.get('x-ratelimit-limit')).toBe(limit);
  });

  test('answer with the message that Intercom sends, without Retry-After', async () => {
    await using open = await openSandbox(
      { seed: 1, conversations: 3 },
      { clock: handClock(START), rateLimitPerMinute: 6 },
    );
    await open.ask('GET /tags');
    const { status, headers, json } = await open.ask('GET /tags');
    expect(status).toBe(429);
    expect(json.errors).toEqual([
      { code: 'rate_limit_exceeded', message: 'Exceeded rate limit of 1 in 10_seconds' },
    ]);
    expect(headers.has('retry-after')).toBe(false);
    expect(headers.get('date')).toBe('Mon, 21 Sep 2026 14:13:24 GMT');
  });

  test('count what is refused later too, but not what has no token', async () => {
    await using open = await openSandbox(
      { seed: 1, conversations: 3 },
      { clock: handClock(START), rateLimitPerMinute: 18 },
    );
    await open.ask('GET /nothing');
    await open.ask('GET /tags', undefined, { Authorization: '' });
    expect(await headersOf(open)).toEqual([200, '3', '1', RESET]);
  });

  test('are shared with other apps of the workspace', async () => {
    await using open = await openSandbox(
      { seed: 1, conversations: 3 },
      { clock: handClock(START), rateLimitPerMinute: 60 },
    );
    open.sandbox.set({ otherCallsPerWindow: 8 });
    expect(await headersOf(open)).toEqual([200, '10', '1', RESET]);
    expect(await headersOf(open)).toEqual([200, '10', '0', RESET]);
    expect(await headersOf(open)).toEqual([429, '10', '0', RESET]);
  });

  test('without a limit refuse nothing, and name a limit that holds nobody back', async () => {
    await using open = await openSandbox({ seed: 1, conversations: 3 }, { clock: handClock(START) });
    for (let call = 0; call < 30; call += 1)
      expect(await headersOf(open)).toEqual([200, '1000000', '1000000', RESET]);
  });

  test('follow a clock that is wrong', async () => {
    await using open = await openSandbox(
      { seed: 1, conversations: 3 },
      { clock: handClock(START), clockOffsetSeconds: -300 },
    );
    const { headers } = await open.ask('GET /me');
    expect(headers.get('date')).toBe('Mon, 21 Sep 2026 14:08:24 GMT');
    expect(headers.get('x-ratelimit-reset')).toBe(String(Number(RESET) - 300));
  });
});

describe('latency', () => {
  const elapsed = async (run: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await run();
    return performance.now() - started;
  };

  test('is added to every answer, errors included', async () => {
    // A clock that runs, from the first moment of a window: on the machine's own a new window may begin half way.
    const began = performance.now();
    const clock = { now: () => START - 4_000 + performance.now() - began };
    await using open = await openSandbox(
      { seed: 1, conversations: 3 },
      { clock, latencyMs: 120, rateLimitPerMinute: 12 },
    );
    for (const [target, token] of [
      ['GET /me', 'x'],
      ['GET /nothing', 'x'],
      ['GET /me', 'x'],
      ['GET /me', 'bad'],
    ] as const)
      expect(
        await elapsed(() => open.ask(target, undefined, { Authorization: `Bearer ${token}` })),
      ).toBeGreaterThan(115);
    expect(open.sandbox.log().map(({ status }) => status)).toEqual([200, 404, 429, 401]);
    expect(open.sandbox.log().every(({ durationMs }) => durationMs >= 115)).toBe(true);
  });

  test('can grow with the page', async () => {
    await using open = await openSandbox({ seed: 1, conversations: 3 }, { latencyMsPerItem: 4 });
    const ended: number[] = [];
    const page = async (size: number): Promise<void> => {
      await open.ask(`GET /conversations?per_page=${size}`);
      ended.push(size);
    };
    expect(await elapsed(() => Promise.all([page(120), page(1)]))).toBeGreaterThan(475);
    expect(ended).toEqual([1, 120]);
  });
});
