import { expect, it } from 'vitest';
import { randomFaults } from '../../src/sandbox/fault-plan.ts';
import { type Fault, NAMED_FAULTS } from '../../src/sandbox/faults.ts';
import { startRewriter } from './rewriter.ts';
import {
  describeTrapsOnce,
  isListing,
  isSearch,
  isThread,
  ourRequests,
  spoilFirst,
  type Trap,
} from './support.ts';

/** Short enough for a test: a body that stands still, an attempt that takes too long. */
const IMPATIENT = { idleTimeoutMs: 150, deadlineMs: 1_500 };

/** Leaves the pause after a 429 to the time that it names; the accounting of windows has tests of its own. */
const NO_BUCKET = { 'X-RateLimit-Limit': '' };

/** Each request goes wrong in all of the ways, one after the other, before it is answered: nothing is lost. */
const expectHarmless = async (trap: Trap, ...faults: readonly Fault[]): Promise<void> => {
  trap.sandbox.setFaults(spoilFirst(...faults));
  const result = await trap.sync({ client: { ...IMPATIENT, maxAttempts: faults.length + 2 } });
  expect(result).toMatchObject({ status: 'complete', incomplete: [] });
  const seen = new Set(trap.sandbox.log().map((entry) => entry.fault));
  for (const { kind } of faults) expect(seen).toContain(kind);
  await trap.expectMirrored();
  await trap.expectContactsMirrored();
};

/** Every search goes wrong for as long as it lasts: the sync fails loudly, and states nothing that it has not. */
const expectLoud = async (trap: Trap, code: string, ...faults: readonly Fault[]): Promise<void> => {
  trap.later(700);
  trap.sandbox.mutate.addConversation();
  trap.later(2);
  const asOf = await trap.asOf();
  let turn = 0;
  trap.sandbox.setFaults((request) => (isSearch(request) ? faults[(turn += 1) % faults.length] : undefined));
  const failed = await trap.sync({ client: IMPATIENT });
  expect(failed).toMatchObject({ status: 'incomplete', exit_code: 3 });
  expect(failed.incomplete).toContainEqual({ entity: 'conversations', id: '*', code });
  expect(failed.entities.conversations?.failed).toBeGreaterThan(0);
  expect(await trap.asOf()).toBe(asOf);
  trap.sandbox.setFaults(undefined);
  expect(await trap.sync()).toMatchObject({ status: 'complete' });
  await trap.expectMirrored();
};

describeTrapsOnce('transport and errors', (open) => {
  it('T54 sits out ten windows of 429, with one probe in each', async () => {
    const concurrency = 8;
    // Far longer than what was under way when the limit was met can take on a busy machine.
    const pauseMs = 500;
    await using trap = await open({ conversations: 60 });
    /** Refusals of each window; one that comes when the pause is nearly over opens the next. */
    const windows: { readonly began: number; refused: number }[] = [];
    let threads = 0;
    trap.sandbox.setFaults((request) => {
      if (isThread(request)) threads += 1;
      if (threads < 10) return undefined;
      const now = performance.now();
      const last = windows.at(-1);
      if (last !== undefined && now - last.began < pauseMs - 50) last.refused += 1;
      else if (windows.length < 10) windows.push({ began: now, refused: 1 });
      else return undefined;
      return { ...NAMED_FAULTS[429], resetInSeconds: 0, headers: NO_BUCKET };
    });
    const tuning = { minPauseMs: pauseMs, maxPauseMs: pauseMs };
    const result = await trap.sync({ sync: { concurrency }, tuning });
    expect(result).toMatchObject({ status: 'complete', incomplete: [] });
    // What was under way when the limit was met; then one at a time.
    expect(windows[0]?.refused).toBeLessThanOrEqual(concurrency + 2);
    expect(windows.slice(1).map(({ refused }) => refused)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1]);
    await trap.expectMirrored();
  });

  it('T55 waits a sensible time after a 429, whatever its headers say', async () => {
    await using trap = await open({ conversations: 20 });
    const kinds = ['429_bare', '429_seconds', '429_date', '429_past'] as const;
    const times: number[] = [];
    trap.sandbox.setFaults((request) => {
      if (!isThread(request) || times.length >= 3 * kinds.length) return undefined;
      times.push(performance.now());
      return { ...NAMED_FAULTS[kinds[times.length % kinds.length] ?? '429_bare'], headers: NO_BUCKET };
    });
    const result = await trap.sync({ sync: { concurrency: 1, parallelWindows: 1 } });
    expect(result).toMatchObject({ status: 'complete', incomplete: [] });
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(waits).toHaveLength(11);
    // At least the shortest pause of the tuning: no hot loop after a time that has passed or that is none.
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(19);
    await trap.expectMirrored();
  });

  it.each([300, -300])(
    'T56 goes by the clock of the server, which is %s s off',
    async (clockOffsetSeconds) => {
      await using trap = await open({ conversations: 40, sandbox: { clockOffsetSeconds } });
      const { mutate } = trap.sandbox;
      const overlap = { overlapSeconds: 0 };
      await trap.sync({ sync: overlap });
      const ids = await trap.ids();
      for (let round = 0; round < 3; round += 1) {
        trap.later(60);
        mutate.reply(String(ids[round]), { body: '<p>while clocks differ</p>' });
        mutate.addConversation();
        await trap.sync({ sync: overlap });
      }
      const serverNow = Date.now() + trap.sandbox.set({}).clockOffsetSeconds * 1_000;
      expect(Date.parse((await trap.asOf()) ?? '')).toBeLessThanOrEqual(serverNow);
      // A reset in one second by the server's clock is a second here as well, not five minutes.
      let refused = false;
      trap.sandbox.setFaults((request) => {
        if (!isSearch(request) || refused) return undefined;
        refused = true;
        return NAMED_FAULTS[429];
      });
      trap.later(60);
      mutate.addConversation();
      const began = performance.now();
      await trap.sync({ sync: overlap, tuning: { windowMs: 300, maxPauseMs: 60_000 } });
      expect(performance.now() - began).toBeLessThan(55_000);
      trap.later(2);
      await trap.sync({ sync: overlap });
      await trap.expectMirrored({ sync: overlap });
    },
  );

  it('T59 loses nothing where one request of five ends with 5xx, 408 or an overload', async () => {
    await using trap = await open({ conversations: 60 });
    const kinds = [500, 502, 503, '503_html', 504, 408, '429_resource'] as const;
    trap.sandbox.setFaults(randomFaults({ seed: 59, share: 0.2, kinds }));
    expect(await trap.sync({ client: { maxAttempts: 12 } })).toMatchObject({ status: 'complete' });
    await trap.expectMirrored();
    await trap.expectContactsMirrored();
  });

  it('T59 names the one conversation that Intercom never gives, and does the rest', async () => {
    await using trap = await open({ conversations: 30 });
    const broken = String((await trap.ids())[11]);
    trap.sandbox.setFaults(({ path }) =>
      path === `/conversations/${broken}` ? NAMED_FAULTS[500] : undefined,
    );
    const result = await trap.sync();
    expect(result).toMatchObject({
      status: 'incomplete',
      exit_code: 3,
      incomplete: [{ entity: 'conversations', id: broken, code: 'INTERCOM_SERVER_ERROR' }],
      entities: { conversations: { listed: 30, fetched: 29, failed: 1 } },
    });
    const { coverage } = (await trap.status()).metadata;
    expect(coverage).toMatchObject({ complete: false, conversations: { known: 30, hydrated: 29 } });
    trap.sandbox.setFaults(undefined);
    await trap.sync();
    await trap.expectMirrored();
  });

  it('T61 loses nothing where connections break before the answer or within it', async () => {
    await using trap = await open({ conversations: 20 });
    const within = [0, 1, 40, 500].map((bytes): Fault => ({ kind: 'reset_after', bytes }));
    await expectHarmless(trap, NAMED_FAULTS.reset, ...within);
    await expectLoud(trap, 'INTERCOM_UNREACHABLE', NAMED_FAULTS.reset);
    await expectLoud(trap, 'INTERCOM_BAD_BODY', ...within);
  });

  it('T62 never takes a part of a body for all of it', async () => {
    await using trap = await open({ conversations: 20 });
    const cut = [0.01, 0.5, 0.99].map((share): Fault => ({ kind: 'truncated', share }));
    await expectHarmless(trap, ...cut);
    await expectLoud(trap, 'INTERCOM_BAD_BODY', ...cut);
  });

  it('T62 never takes JSON of another shape for an empty page', async () => {
    await using trap = await open({ conversations: 20 });
    const wrong = [
      '{"ok":true}',
      'null',
      '[]',
      '""',
      '{"type":"conversation.list","total_count":0}',
      '{"type":"conversation.list","conversations":[]}',
      '{"type":"conversation.list","pages":{"type":"pages"}}',
      '{"type":"conversation.list","pages":[],"conversations":{}}',
      '{"type":"error.list","errors":[]}',
    ].map((body): Fault => ({ kind: 'wrong_shape', body }));
    await expectHarmless(trap, ...wrong);
    await expectLoud(trap, 'INTERCOM_BAD_BODY', ...wrong);
    const noPages: Fault = { kind: 'wrong_shape', body: '{"type":"list","data":[]}' };
    trap.sandbox.setFaults(({ path }) => (path.startsWith('/contacts') ? noPages : undefined));
    const result = await trap.sync();
    expect(result.incomplete).toEqual([{ entity: 'contacts', id: '*', code: 'INTERCOM_BAD_BODY' }]);
  });

  it('T63 never takes a 200 without a body for an empty page', async () => {
    await using trap = await open({ conversations: 20 });
    await expectHarmless(trap, NAMED_FAULTS.empty);
    await expectLoud(trap, 'INTERCOM_BAD_BODY', NAMED_FAULTS.empty);
  });

  it('T64 takes pages of HTML for something that passes', async () => {
    await using trap = await open({ conversations: 20 });
    const refused = [NAMED_FAULTS['403_html'], NAMED_FAULTS[502]];
    await expectHarmless(trap, NAMED_FAULTS.html, ...refused);
    await expectLoud(trap, 'INTERCOM_BAD_BODY', NAMED_FAULTS.html);
    await expectLoud(trap, 'INTERCOM_SERVER_ERROR', ...refused);
  });

  it('T64 takes a 403 that is JSON for a missing permission', async () => {
    await using trap = await open({ conversations: 20 });
    trap.sandbox.setFaults(({ path }) => (path === '/tags' ? NAMED_FAULTS[403] : undefined));
    const result = await trap.sync();
    expect(result).toMatchObject({
      exit_code: 0,
      entities: { tags: { skipped_reason: 'INTERCOM_FORBIDDEN' } },
    });
    expect(ourRequests(trap.sandbox).filter(({ path }) => path === '/tags')).toHaveLength(1);
    await trap.expectMirrored();
  });

  it('T65 loses no worker to a body that stands still or drips', async () => {
    await using trap = await open({ conversations: 20 });
    await expectHarmless(trap, NAMED_FAULTS.stalled, { kind: 'drip', bytesPerSecond: 4 });
    await expectLoud(trap, 'INTERCOM_TIMEOUT', NAMED_FAULTS.stalled);
  });

  it('T66 asks again, and for less, where the headers do not come', async () => {
    await using trap = await open({ conversations: 40 });
    const client = { deadlineMs: 300 };
    const slow = spoilFirst({ kind: 'slow', delayMs: 1_000 });
    // Each listing of a full page is slow every time.
    trap.sandbox.setFaults((request) =>
      isListing(request) && (request.body as { pagination: { per_page: number } }).pagination.per_page > 100
        ? { kind: 'slow', delayMs: 1_000 }
        : isThread(request) && Number(request.path.at(-1)) % 3 === 0
          ? slow(request)
          : undefined,
    );
    expect(await trap.sync({ client })).toMatchObject({ status: 'complete', incomplete: [] });
    const broken = String((await trap.ids())[5]);
    trap.later(5);
    trap.sandbox.mutate.touch(broken);
    trap.sandbox.setFaults(({ path }) =>
      path === `/conversations/${broken}` ? { kind: 'slow', delayMs: 2_000 } : undefined,
    );
    const failed = await trap.sync({ client: { deadlineMs: 300, maxAttempts: 2 } });
    expect(failed.incomplete).toEqual([{ entity: 'conversations', id: broken, code: 'INTERCOM_TIMEOUT' }]);
    trap.sandbox.setFaults(undefined);
    await trap.sync();
    await trap.expectMirrored();
  });

  it('T71 takes a body that does not fit its headers for a broken answer', async () => {
    await using trap = await open({ conversations: 20 });
    const faults = [NAMED_FAULTS.corrupt_gzip, NAMED_FAULTS.wrong_length];
    await expectHarmless(trap, ...faults);
    await expectLoud(trap, 'INTERCOM_BAD_BODY', ...faults);
  });

  it('T71 reads a body behind a byte order mark', async () => {
    await using trap = await open({ conversations: 20 });
    trap.sandbox.setFaults(() => NAMED_FAULTS.bom);
    expect(await trap.sync()).toMatchObject({ status: 'complete', incomplete: [] });
    await trap.expectMirrored();
  });

  it('T84 names the version of the API with every request', async () => {
    await using trap = await open({ conversations: 20 });
    await using plain = await startRewriter(trap.sandbox.url, {});
    await trap.sync();
    const requests = ourRequests(trap.sandbox);
    expect(requests.length).toBeGreaterThan(20);
    expect(new Set(requests.map(({ headers }) => headers['intercom-version']))).toEqual(new Set(['2.16']));
    // The sandbox refuses what has no version: nothing came in by a fallback.
    const bare = await fetch(`${plain.url}/me`, { headers: { Authorization: 'Bearer x', Accept: '*/*' } });
    expect(bare.status).toBe(400);
    await trap.expectMirrored();
  });
});
