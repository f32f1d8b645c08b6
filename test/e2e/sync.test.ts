import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startCli, startSandboxProcess } from '../support/cli.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { createTempDir } from '../support/temp-dir.ts';
import { apiGet, mutate, requestCounts, setFaults } from '../support/sandbox-control.ts';

type Json = Record<string, unknown>;

interface SyncJson {
  readonly status: string;
  readonly exit_code: number;
  readonly entities: Record<
    string,
    { listed: number; fetched: number; changed: number; failed: number; skipped_reason: string | null }
  >;
  readonly incomplete: readonly { entity: string; id: string; code: string }[];
  readonly requests: number;
  readonly duration_ms: number;
}

const CONVERSATIONS = 90;

/** Into the next second: an answer of the second of a change may be older than the change, so the next sync asks again. */
const nextSecond = (): Promise<void> => sleep(1_020 - (Date.now() % 1_000));

/** Intercom's object as the contract says that an export shows it; shares nothing with the program. */
const asExported = (value: unknown, key = ''): unknown => {
  if (key === 'custom_attributes' || key === 'event_details') return value;
  if (Array.isArray(value)) return value.map((item) => asExported(item));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asExported(inner, name)]));
  }
  const isTime = /_at$|^waiting_since$|^snoozed_until$/.test(key);
  return isTime && typeof value === 'number'
    ? new Date(value * 1000).toISOString().replace('.000Z', 'Z')
    : value;
};

const expectedOf = (object: Json): Json => {
  const { conversation_parts: list, ...fields } = asExported(object) as Json;
  const source = fields.source as Json;
  const { type: channel, ...opening } = source;
  const parts = ((list as Json).conversation_parts as Json[]).map(({ id, part_type, ...part }) => ({
    ...part,
    // Ids come as numbers now and then (API-FACTS 6.8); an export has them as text.
    id: String(id),
    type: part_type,
  }));
  return {
    ...fields,
    parts: [{ ...opening, type: 'source', source_type: channel, created_at: fields.created_at }, ...parts],
  };
};

describeOnBothEngines('sync', (create) => {
  let sandbox: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;

  beforeAll(async () => {
    sandbox = await startSandboxProcess(['--conversations', String(CONVERSATIONS), '--seed', '21']);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    await setFaults(sandbox.url, { kind: 'none' });
    place = await create();
    env = { ...sandbox.env, DATABASE_URL: place.url };
  });
  afterEach(() => place.drop());

  const sync = async (...args: string[]) => {
    const result = await runCli(['sync', '--json', ...args], { env });
    const lines = result.stdout.trimEnd().split('\n');
    return { ...result, json: JSON.parse(lines.at(-1) ?? 'null') as SyncJson };
  };
  const exported = async (...args: string[]): Promise<Json[]> => {
    const result = await runCli(['export', 'conversations', ...args], { env: { DATABASE_URL: place.url } });
    expect(result.code, result.stderr).toBe(0);
    return result.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Json);
  };
  /** Every conversation of the export is what the API shows of it now. */
  const expectMirrored = async (rows: readonly Json[]): Promise<void> => {
    for (const { _mirror: mirror, ...row } of rows) {
      expect(row).toEqual(expectedOf(await apiGet(sandbox.url, `/conversations/${String(row.id)}`)));
      expect(mirror).toMatchObject({ hydrated: true, deleted_at: null });
    }
  };
  const threadsFetched = async (): Promise<number> =>
    (await requestCounts(sandbox.url)).byEndpoint['GET /conversations/{id}'] ?? 0;

  it('mirrors every conversation, field by field and part by part', async () => {
    const { code, json, stderr } = await sync();
    expect(code, stderr).toBe(0);
    expect(json).toMatchObject({ status: 'complete', exit_code: 0, incomplete: [] });
    expect(json.entities.conversations).toEqual({
      listed: CONVERSATIONS,
      fetched: CONVERSATIONS,
      changed: CONVERSATIONS,
      failed: 0,
      skipped_reason: null,
    });
    expect(json.entities.admins?.listed).toBeGreaterThan(0);
    expect(stderr).toMatch(/^syncing: .* conversations/m);
    expect(stderr).toMatch(/^done: 90 of 90 conversations · .* requests/m);
    const rows = await exported();
    expect(rows).toHaveLength(CONVERSATIONS);
    await expectMirrored(rows);
    const order = rows.map((row) => `${String(row.created_at)} ${String(row.id)}`);
    expect(order).toEqual(order.toSorted());
  });

  it('fetches what changed and nothing else, and little when nothing did', async () => {
    await sync();
    const ids = (await exported()).map((row) => String(row.id));
    const [first = '', second = '', third = '', fourth = ''] = ids;
    const added = String(await mutate(sandbox.url, 'addConversation'));
    await mutate(sandbox.url, 'reply', first, { body: '<p>One more thing &amp; more</p>' });
    await mutate(sandbox.url, 'touch', second);
    await mutate(sandbox.url, 'setTags', third, [{ id: '7300109', name: 'VIP' }]);
    const firstPart = ((await apiGet(sandbox.url, `/conversations/${fourth}`)).source as Json).id;
    await mutate(sandbox.url, 'redact', fourth, String(firstPart));
    await nextSecond();
    const before = await threadsFetched();
    const { code, json } = await sync();
    expect(code).toBe(0);
    expect(json.entities.conversations).toMatchObject({ fetched: 5, changed: 5, failed: 0 });
    expect((await threadsFetched()) - before).toBe(5);
    const rows = await exported();
    expect(rows.map((row) => row.id)).toContain(added);
    await expectMirrored(rows);
    const again = await sync('--only', 'conversations,tickets');
    expect(again.json.entities.conversations).toMatchObject({ fetched: 0, changed: 0 });
    expect(again.json.requests).toBeLessThanOrEqual(10);
  });

  it('syncs only what it is asked for', async () => {
    const { code, json } = await sync('--only', 'tags,teams');
    expect(code).toBe(0);
    expect(json.requests).toBe(2);
    expect(json.entities.tags?.listed).toBeGreaterThan(0);
    expect(json.entities.conversations?.listed).toBe(0);
    const wrong = await runCli(['sync', '--only', 'tags,cheese'], { env });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/cheese.*admins, teams, tags/);
  });

  it('lists everything again with --full, and fetches no thread that is current', async () => {
    await sync();
    const known = (await exported()).length;
    const before = await threadsFetched();
    const { code, json } = await sync('--full');
    expect(code).toBe(0);
    expect(json.entities.conversations?.listed).toBeGreaterThanOrEqual(known);
    expect((await threadsFetched()) - before).toBe(0);
  });

  it('names a thread that cannot be had, ends with 3, and has it when it can', async () => {
    const broken = String(await mutate(sandbox.url, 'addConversation'));
    await setFaults(sandbox.url, {
      kind: 'wrong_shape',
      body: '{"ok":true}',
      path: `/conversations/${broken}`,
      times: 1e6,
    });
    const first = await sync();
    expect(first.code, first.stderr).toBe(3);
    expect(first.json).toMatchObject({ status: 'incomplete', exit_code: 3 });
    expect(first.json.incomplete).toEqual([
      { entity: 'conversations', id: broken, code: 'INTERCOM_BAD_BODY' },
    ]);
    const row = (await exported()).find(({ id }) => id === broken);
    expect(row?._mirror).toMatchObject({ hydrated: false });
    const status = await runCli(['status'], { env: { DATABASE_URL: place.url } });
    expect(status.stdout).toContain(`conversation ${broken}: INTERCOM_BAD_BODY`);
    await setFaults(sandbox.url, { kind: 'none' });
    const second = await sync();
    expect(second.code, second.stderr).toBe(0);
    await expectMirrored(await exported());
  }, 120_000);

  it('is not held back by one thread that cannot be had: what is new comes in, and is stated', async () => {
    expect((await sync()).code).toBe(0);
    const asOf = async (): Promise<string> => {
      const { stdout } = await runCli(['status', '--json'], { env: { DATABASE_URL: place.url } });
      const { metadata } = JSON.parse(stdout) as { metadata: { as_of: string; coverage: Json } };
      expect(metadata.coverage).toMatchObject({ complete: false, missing: ['threads of 1 conversation'] });
      return metadata.as_of;
    };
    const broken = String(await mutate(sandbox.url, 'addConversation'));
    await setFaults(sandbox.url, {
      kind: 'status',
      status: 400,
      code: 'parameter_invalid',
      path: `/conversations/${broken}`,
      times: 1e6,
    });
    expect((await sync()).code).toBe(3);
    const first = await asOf();
    await nextSecond();
    const added = String(await mutate(sandbox.url, 'addConversation'));
    const { code, json } = await sync();
    expect(code).toBe(3);
    expect(json.incomplete).toEqual([{ entity: 'conversations', id: broken, code: 'INTERCOM_BAD_REQUEST' }]);
    expect((await asOf()) > first).toBe(true);
    const rows = await exported();
    expect(rows.find(({ id }) => id === added)?._mirror).toMatchObject({ hydrated: true });
    await setFaults(sandbox.url, { kind: 'none' });
    expect((await sync()).code).toBe(0);
    await expectMirrored(await exported());
  }, 180_000);

  it('takes a conversation that is gone off the mirror, after a second look, and does the rest', async () => {
    await sync();
    const gone = String((await exported())[3]?.id);
    await mutate(sandbox.url, 'touch', gone);
    await setFaults(sandbox.url, {
      kind: 'status',
      status: 404,
      code: 'not_found',
      path: `/conversations/${gone}`,
      times: 1e6,
    });
    const { code, json, stderr } = await sync();
    expect(code, stderr).toBe(0);
    expect(json.entities.conversations).toMatchObject({ failed: 0 });
    expect((await exported()).map((row) => row.id)).not.toContain(gone);
    const kept = (await exported('--deleted')).find((row) => row.id === gone);
    expect(kept?._mirror).toMatchObject({ deleted_at: expect.stringMatching(/^20/) as string });
    await setFaults(sandbox.url, { kind: 'none' });
  });

  it('leaves out what the token may not read, says so, and does the rest', async () => {
    await setFaults(sandbox.url, {
      kind: 'status',
      status: 403,
      code: 'forbidden',
      path: '/tags',
      times: 1e6,
    });
    const { code, json, stderr } = await sync();
    expect(code, stderr).toBe(0);
    expect(json.entities.tags).toMatchObject({ listed: 0, skipped_reason: 'INTERCOM_FORBIDDEN' });
    const status = await runCli(['status'], { env: { DATABASE_URL: place.url } });
    expect(status.stdout).toMatch(/tags .*INTERCOM_FORBIDDEN/);
    await expectMirrored(await exported());
  });

  it('takes a 401 on one kind of data for a missing permission while GET /me says that the token lives', async () => {
    await setFaults(sandbox.url, {
      kind: 'status',
      status: 401,
      code: 'unauthorized',
      path: '/teams',
      times: 1e6,
    });
    const { code, json, stderr } = await sync();
    expect(code, stderr).toBe(0);
    expect(json.entities.teams).toMatchObject({ listed: 0, skipped_reason: 'INTERCOM_FORBIDDEN' });
    await expectMirrored(await exported());
  });

  it('stops at once when the token dies in the middle, and goes on where it was with a new one', async () => {
    const ids = Array.from({ length: 8 }, () => mutate(sandbox.url, 'addConversation'));
    await Promise.all(ids);
    const started = await requestCounts(sandbox.url);
    await setFaults(sandbox.url, {
      kind: 'status',
      status: 401,
      code: 'unauthorized',
      path: '/',
      after: 40,
      times: 1e6,
    });
    const first = await runCli(['sync', '--json'], { env });
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/INTERCOM_UNAUTHORIZED: .*GET \/me.*\n.*new access token/);
    // At most those that were under way (64), GET /me and one more.
    const refused = (await requestCounts(sandbox.url)).total - started.total - 40;
    expect(refused).toBeLessThanOrEqual(64 + 16 + 2);
    await setFaults(sandbox.url, { kind: 'none' });
    const second = await sync();
    expect(second.code, second.stderr).toBe(0);
    await expectMirrored(await exported());
  });

  it('goes on with --watch until it is interrupted', async () => {
    const watching = startCli(['sync', '--watch', '--json', '--poll-seconds', '1'], { env });
    await watching.waitForLine(/"status":"complete"/);
    const added = String(await mutate(sandbox.url, 'addConversation'));
    await watching.waitForLine(/"listed":\d+,"fetched":1,/);
    const ended = await watching.stop('SIGINT');
    expect([ended.code, ended.signal]).toEqual([0, null]);
    expect((await exported()).map((row) => row.id)).toContain(added);
  });
});

describe('sync under a rate limit', () => {
  it('uses its share of the limit and causes no 429', { timeout: 120_000 }, async () => {
    const sandbox = await startSandboxProcess(
      '--conversations 420 --seed 2 --latency-ms 20 --rate-limit 1800'.split(' '),
    );
    const place = await createTempDir();
    try {
      const env = { ...sandbox.env, DATABASE_URL: `sqlite:${place.path}/mirror.db` };
      const result = await runCli(['sync', '--json'], { env });
      expect(result.code, result.stderr).toBe(0);
      const { rateLimited, total } = await requestCounts(sandbox.url);
      expect(total).toBeGreaterThan(420);
      expect(rateLimited).toBe(0);
      // 300 calls a window of ten seconds: the second half has to wait for the next window.
      expect((JSON.parse(result.stdout) as SyncJson).duration_ms).toBeGreaterThan(1_000);
    } finally {
      await place.remove();
      await sandbox.stop();
    }
  });
});

describe('a listing that was cut off between two pages', () => {
  it('goes on where it was, and begins anew where its cursor is no longer taken', {
    timeout: 120_000,
  }, async () => {
    const sandbox = await startSandboxProcess(['--conversations', '700', '--seed', '2']);
    const place = await createTempDir();
    try {
      const env = { ...sandbox.env, DATABASE_URL: `sqlite:${place.path}/mirror.db` };
      const refuse = (path: string, after: number) => ({
        kind: 'status',
        status: 403,
        code: 'forbidden',
        path,
        after,
        times: 1e6,
      });
      const run = async () => {
        const { code, stderr, stdout } = await runCli(['sync', '--json'], { env });
        expect(code, stderr).toBe(0);
        return JSON.parse(stdout) as SyncJson;
      };
      const cutOff = { plans: [refuse('/contacts', 1), refuse('/conversations/search', 6)] };
      await setFaults(sandbox.url, cutOff);
      const first = await run();
      expect(first.entities.contacts).toMatchObject({ listed: 150, skipped_reason: 'INTERCOM_FORBIDDEN' });
      const begun = first.entities.conversations?.listed ?? 0;
      expect(begun).toBeGreaterThan(0);
      expect(begun).toBeLessThan(700);
      const gone = (path: string) => ({
        kind: 'status',
        status: 400,
        code: 'parameter_invalid',
        path,
        times: 1,
      });
      await setFaults(sandbox.url, { plans: [gone('/contacts'), gone('/conversations/search')] });
      const second = await run();
      expect(second.entities.contacts).toMatchObject({ listed: 420, failed: 0 });
      expect(second.entities.conversations).toMatchObject({ failed: 0, skipped_reason: null });
      const { stdout } = await runCli(['status', '--json'], { env });
      expect(JSON.parse(stdout)).toMatchObject({
        metadata: { coverage: { complete: true, conversations: { known: 700, hydrated: 700 } } },
      });
    } finally {
      await place.remove();
      await sandbox.stop();
    }
  });
});
