import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { PASSING_FAULTS, planFromJson, randomFaults } from '../../src/sandbox/fault-plan.ts';
import { type Fault, type FaultName, NAMED_FAULTS } from '../../src/sandbox/faults.ts';
import { type RawAnswer, rawGet } from './raw-client.ts';
import { HEADERS, type OpenSandbox, openSandbox } from './support.ts';

const PATH = '/conversations?per_page=3';
const NOW = 1_790_000_004_000;
const ENVELOPE = (code: string, message: unknown = expect.any(String)) => ({
  type: 'error.list',
  request_id: null,
  errors: [{ code, message }],
});

const json = ({ body }: RawAnswer): unknown => JSON.parse(body.toString('utf8'));

/** One faulty answer, and the whole answer to the same request for comparison. */
const observe = async (fault: Fault, silenceMs = 5_000): Promise<{ faulty: RawAnswer; whole: RawAnswer }> => {
  let asked = 0;
  await using open = await openSandbox(
    { seed: 3, conversations: 8 },
    { faults: () => ((asked += 1) === 1 ? fault : undefined), clock: { now: () => NOW } },
  );
  const faulty = await rawGet(open.sandbox.url, PATH, { silenceMs });
  return { faulty, whole: await rawGet(open.sandbox.url, PATH) };
};

describe('an answer of another status', () => {
  test.each<[FaultName, number, string]>([
    [400, 400, 'client_error'],
    [401, 401, 'unauthorized'],
    [402, 402, 'api_plan_restricted'],
    [403, 403, 'forbidden'],
    ['403_plan', 403, 'api_plan_restricted'],
    [404, 404, 'not_found'],
    [408, 408, 'request_timeout'],
    [409, 409, 'conflict'],
    [410, 410, 'contact_merged'],
    [422, 422, 'parameter_invalid'],
    [429, 429, 'rate_limit_exceeded'],
    ['429_jobs', 429, 'rate_limit_exceeded'],
    ['429_resource', 429, 'too_many_requests'],
    [500, 500, 'server_error'],
    [503, 503, 'service_unavailable'],
  ])('%s', async (name, status, code) => {
    const { faulty, whole } = await observe(NAMED_FAULTS[name]);
    expect(faulty).toMatchObject({ status, end: 'complete' });
    expect(json(faulty)).toEqual(ENVELOPE(code));
    expect(whole.status).toBe(200);
  });

  test.each<[FaultName, number]>([
    ['403_html', 403],
    [502, 502],
    ['503_html', 503],
    [504, 504],
  ])('%s: a page, without request id and rate headers', async (name, status) => {
    const { faulty } = await observe(NAMED_FAULTS[name]);
    expect(faulty).toMatchObject({ status, headers: { 'content-type': 'text/html' } });
    expect(faulty.body.toString('utf8')).toMatch(/^<html>/);
    expect(Object.keys(faulty.headers).filter((header) => header.startsWith('x-'))).toEqual([]);
    expect(faulty.headers.server).toBe(name === '403_html' ? 'awselb/2.0' : undefined);
  });

  test('401 carries no rate headers, 410 the way to the other contact', async () => {
    const unauthorized = (await observe(NAMED_FAULTS[401])).faulty;
    expect(unauthorized.headers).not.toHaveProperty('x-ratelimit-limit');
    expect((await observe(NAMED_FAULTS[410])).faulty.headers.link).toMatch(
      /^<\/contacts\/[0-9a-f]{24}>; rel="canonical"$/,
    );
  });

  test('429 comes with a reset, without any header, with Retry-After in two ways, with a reset in the past', async () => {
    const names = ['x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after'];
    const headersOf = async (name: FaultName): Promise<(string | undefined)[]> => {
      const { headers } = (await observe(NAMED_FAULTS[name])).faulty;
      return names.map((header) => headers[header]);
    };
    expect(await headersOf(429)).toEqual(['0', '1790000005', undefined]);
    expect(await headersOf('429_bare')).toEqual([undefined, undefined, undefined]);
    expect(await headersOf('429_seconds')).toEqual([undefined, undefined, '1']);
    expect(await headersOf('429_date')).toEqual([undefined, undefined, 'Mon, 21 Sep 2026 14:13:25 GMT']);
    expect(await headersOf('429_past')).toEqual(['0', '1789999974', undefined]);
  });
});

describe('a broken connection', () => {
  test('reset: before a byte of the answer', async () => {
    const { faulty } = await observe({ kind: 'reset' });
    expect(faulty).toMatchObject({ status: 0, end: 'reset' });
  });

  test.each([0, 1, 100, 1_000])('reset_after: %i bytes of the body at most', async (bytes) => {
    const { faulty, whole } = await observe({ kind: 'reset_after', bytes });
    expect(faulty.end).toBe('reset');
    // A reset may overtake what was sent before it.
    expect(faulty.body.length).toBeLessThanOrEqual(bytes);
    expect(whole.body.subarray(0, faulty.body.length)).toEqual(faulty.body);
  });

  test('wrong_length: closed one byte short of what was promised', async () => {
    const { faulty, whole } = await observe({ kind: 'wrong_length' });
    expect(faulty).toMatchObject({ status: 200, end: 'closed' });
    expect(faulty.body).toEqual(whole.body.subarray(0, -1));
    expect(Number(faulty.headers['content-length'])).toBe(whole.body.length);
  });

  test('stalled: some bytes, then silence', async () => {
    const { faulty, whole } = await observe({ kind: 'stalled', bytes: 20 }, 300);
    expect(faulty).toMatchObject({ status: 200, end: 'silent' });
    expect(faulty.body).toEqual(whole.body.subarray(0, 20));
  });

  test('drip: byte by byte', async () => {
    await using open = await openSandbox(
      { seed: 3, conversations: 8 },
      { faults: () => ({ kind: 'drip', bytesPerSecond: 200 }) },
    );
    const started = performance.now();
    const answer = await rawGet(open.sandbox.url, '/nothing');
    expect(answer.end).toBe('complete');
    expect(performance.now() - started).toBeGreaterThan((answer.body.length / 200) * 700);
  });

  test('slow: a whole answer, late', async () => {
    await using open = await openSandbox(
      { seed: 3, conversations: 8 },
      { faults: () => ({ kind: 'slow', delayMs: 150 }) },
    );
    const started = performance.now();
    expect(await rawGet(open.sandbox.url, PATH)).toMatchObject({ status: 200, end: 'complete' });
    expect(performance.now() - started).toBeGreaterThan(145);
  });
});

describe('a 200 that is none', () => {
  test.each([0.01, 0.5, 0.99])('truncated: %d of the body, as if it were all', async (share) => {
    const { faulty, whole } = await observe({ kind: 'truncated', share });
    expect(faulty).toMatchObject({ status: 200, end: 'complete' });
    expect(faulty.body).toEqual(whole.body.subarray(0, Math.floor(whole.body.length * share)));
    expect(() => json(faulty)).toThrow(/JSON/);
  });

  test('empty', async () => {
    const { faulty } = await observe({ kind: 'empty' });
    expect(faulty).toMatchObject({ status: 200, end: 'complete', headers: { 'content-length': '0' } });
  });

  test('html', async () => {
    const { faulty } = await observe({ kind: 'html' });
    expect(faulty).toMatchObject({ status: 200, headers: { 'content-type': 'text/html' } });
    expect(faulty.body.toString('utf8')).toContain('<h1>');
  });

  test.each(['{"ok":true}', 'null', '[]'])('wrong_shape: %s', async (body) => {
    const { faulty } = await observe({ kind: 'wrong_shape', body });
    expect([faulty.status, faulty.body.toString('utf8')]).toEqual([200, body]);
  });

  test('bom: three bytes before the JSON', async () => {
    const { faulty, whole } = await observe({ kind: 'bom' });
    expect([...faulty.body.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(faulty.body.subarray(3)).toEqual(whole.body);
  });

  test('corrupt_gzip: packed, and the checksum is wrong', async () => {
    const { faulty } = await observe({ kind: 'corrupt_gzip' });
    expect(faulty).toMatchObject({ status: 200, end: 'complete', headers: { 'content-encoding': 'gzip' } });
    expect(() => gunzipSync(faulty.body)).toThrow(/check/);
  });

  test('redirect: to another place', async () => {
    const { faulty } = await observe({ kind: 'redirect', location: 'https://other.example.com/' });
    expect(faulty).toMatchObject({ status: 302, headers: { location: 'https://other.example.com/' } });
  });

  test('foreign_next, repeated_cursor, empty_page: a page that leads astray', async () => {
    const pageOf = async (fault: Fault) =>
      json((await observe(fault)).faulty) as { pages: { next: unknown }; conversations: unknown[] };
    const foreign = await pageOf({ kind: 'foreign_next', host: 'https://other.example.com' });
    expect(foreign.pages.next).toBe('https://other.example.com/conversations?starting_after=x');
    const empty = await pageOf({ kind: 'empty_page' });
    expect(empty).toMatchObject({ conversations: [], pages: { next: { page: 2 } } });
    expect((await pageOf({ kind: 'repeated_cursor' })).pages.next).toEqual({
      page: 1,
      starting_after: 'same',
    });
  });

  test('repeated_cursor leads back to the page that was asked for', async () => {
    await using open = await openSandbox({ seed: 3, conversations: 8 });
    const { json: first } = await open.ask('POST /conversations/search', {
      query: { field: 'created_at', operator: '>', value: 0 },
      pagination: { per_page: 2 },
    });
    const cursor = (first.pages.next as { starting_after: string }).starting_after;
    open.sandbox.setFaults(() => ({ kind: 'repeated_cursor' }));
    const { json: again } = await open.ask('POST /conversations/search', {
      query: { field: 'created_at', operator: '>', value: 0 },
      pagination: { per_page: 2, starting_after: cursor },
    });
    expect(again.pages.next).toMatchObject({ starting_after: cursor });
  });
});

test('every named fault is one that can be sent', async () => {
  for (const fault of Object.values(NAMED_FAULTS)) {
    if (fault.kind === 'slow' || fault.kind === 'drip' || fault.kind === 'stalled') continue;
    const { faulty, whole } = await observe(fault);
    expect([faulty.status, faulty.end, faulty.body.toString('hex')], JSON.stringify(fault)).not.toEqual([
      whole.status,
      whole.end,
      whole.body.toString('hex'),
    ]);
  }
});

describe('a plan', () => {
  const askMany = async (open: OpenSandbox, count: number, path = '/tags'): Promise<(number | string)[]> => {
    const seen: (number | string)[] = [];
    for (let call = 0; call < count; call += 1) {
      const response = await fetch(`${open.sandbox.url}${path}`, { headers: HEADERS }).catch(() => undefined);
      seen.push(response?.status ?? 'broken');
      await response?.arrayBuffer().catch(() => undefined);
    }
    return seen;
  };

  test('sees method, path, body and numbers of each request', async () => {
    const seen: unknown[] = [];
    await using open = await openSandbox(
      { seed: 3, conversations: 8 },
      { faults: (request) => void seen.push(request) },
    );
    const id = open.world.conversations.id(2);
    await open.conversation(id);
    await open.conversation(open.world.conversations.id(3));
    await open.ask('POST /companies/list', { page: 1 });
    expect(seen).toEqual([
      { method: 'GET', path: `/conversations/${id}`, count: 1, countForPath: 1, body: {} },
      expect.objectContaining({ count: 2, countForPath: 2 }),
      { method: 'POST', path: '/companies/list', count: 3, countForPath: 1, body: { page: 1 } },
    ]);
  });

  test('may spoil by number, and change the world in between', async () => {
    await using open = await openSandbox({ seed: 3, conversations: 8 });
    open.sandbox.setFaults(({ count }) => {
      if (count === 2) open.sandbox.mutate.delete(open.world.conversations.id(1));
      return count === 3 ? NAMED_FAULTS[500] : undefined;
    });
    expect(await askMany(open, 4, `/conversations/${open.world.conversations.id(1)}`)).toEqual([
      200, 404, 500, 404,
    ]);
    expect(open.sandbox.log().map(({ fault }) => fault)).toEqual([null, null, 'status', null]);
  });

  test('from JSON: one fault for a path, a method, some times, behind some', async () => {
    await using open = await openSandbox({ seed: 3, conversations: 8 });
    open.sandbox.setFaults(planFromJson({ kind: '503', path: '/tags', method: 'GET', times: 2, after: 1 }));
    expect(await askMany(open, 5)).toEqual([200, 503, 503, 200, 200]);
    open.sandbox.setFaults(planFromJson({ kind: '503', path: '/teams' }));
    expect(await askMany(open, 2)).toEqual([200, 200]);
    open.sandbox.setFaults(
      planFromJson({
        plans: [
          { kind: 'reset', after: 1 },
          { kind: '404', times: 9 },
        ],
      }),
    );
    expect(await askMany(open, 3)).toEqual([404, 'broken', 404]);
    open.sandbox.setFaults(planFromJson({ kind: 'status', status: 418, code: 'teapot' }));
    expect(await askMany(open, 2)).toEqual([418, 200]);
    open.sandbox.setFaults(planFromJson({ kind: 'none' }));
    expect(await askMany(open, 2)).toEqual([200, 200]);
  });

  test.each([
    { kind: 'tsunami' },
    {},
    { kind: 'random', kinds: ['tsunami'] },
    { kind: 'random', kinds: '500' },
  ])('from JSON: %j is refused', (plan) => {
    expect(() => planFromJson(plan)).toThrow(/fault/);
  });

  test('by chance: the same seed fails the same requests, a share of all, in many ways', () => {
    const draw = (seed: number): (Fault | undefined)[] => {
      const plan = randomFaults({ seed, share: 0.3 });
      const request = { method: 'GET', path: '/', count: 1, countForPath: 1, body: {} };
      return Array.from({ length: 2_000 }, () => plan(request));
    };
    const [one, again, other] = [draw(1), draw(1), draw(2)];
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    const failed = one.filter((fault) => fault !== undefined);
    expect(failed.length / one.length).toBeGreaterThan(0.26);
    expect(failed.length / one.length).toBeLessThan(0.34);
    expect(new Set(failed)).toEqual(new Set(PASSING_FAULTS.map((name) => NAMED_FAULTS[name])));
  });
});

test('a path is a beginning, or all of it', () => {
  const at = (path: string, exact: boolean) =>
    planFromJson({ kind: '404', path: '/conversations/7', exact, times: 9 })?.({
      path,
      method: 'GET',
      count: 1,
      countForPath: 1,
      body: {},
    });
  expect([at('/conversations/7', false), at('/conversations/71', false)]).not.toContain(undefined);
  expect(at('/conversations/7', true)).toBeDefined();
  expect(at('/conversations/71', true)).toBeUndefined();
});
