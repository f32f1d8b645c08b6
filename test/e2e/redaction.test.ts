import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startSandboxProcess } from '../support/cli.ts';
import { startHttpServe } from '../support/mcp.ts';
import { bytesOf } from '../support/mirror-bytes.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { apiGet, mutate } from '../support/sandbox-control.ts';
import { sqlRows } from '../support/sql.ts';
import { CLIENT_SECRET, deliver, notification } from '../support/webhooks.ts';

const SECRET = 'zanzibarium4711secret';
const OPENING_SECRET = 'quicksilverium0815secret';
const CONVERSATIONS = 40;

describeOnBothEngines('a text that was redacted in Intercom', (create) => {
  let sandbox: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;

  beforeAll(async () => {
    sandbox = await startSandboxProcess(['--conversations', String(CONVERSATIONS), '--seed', '8']);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    place = await create();
    env = { ...sandbox.env, DATABASE_URL: place.url };
  });
  afterEach(() => place.drop());

  const nextSecond = (): Promise<void> => sleep(1_020 - (Date.now() % 1_000));
  const sync = async () => {
    const result = await runCli(['sync', '--json'], { env });
    expect(result.code, result.stderr).toBe(0);
  };
  const found = async (word: string): Promise<number> => {
    const result = await runCli(['search', word, '--json'], { env });
    expect(result.code, result.stderr).toBe(0);
    return (JSON.parse(result.stdout) as { summary: { total_results: number } }).summary.total_results;
  };
  const exported = async (): Promise<string> =>
    (await runCli(['export', 'conversations', '--deleted'], { env })).stdout;

  it('is in no row, index, raw copy or file after the next sync', async () => {
    const id = String(
      await mutate(sandbox.url, 'addConversation', {
        source: {
          type: 'conversation',
          id: 'opening-1',
          subject: '',
          body: `<p>my number is ${OPENING_SECRET}</p>`,
          author: { type: 'user', id: 'u1', name: 'A', email: 'a@example.com' },
        },
      }),
    );
    const partId = String(await mutate(sandbox.url, 'reply', id, { body: `<p>the code is ${SECRET}</p>` }));
    await sync();
    // Older versions of the conversation lie in index and files.
    for (const body of ['<p>one more</p>', '<p>and palladiumite</p>']) {
      await nextSecond();
      await mutate(sandbox.url, 'reply', id, { body });
      await sync();
    }
    expect([await found(SECRET), await found(OPENING_SECRET)]).toEqual([1, 1]);
    const before = await bytesOf(place.url);
    expect([before.includes(SECRET), before.includes(OPENING_SECRET)]).toEqual([true, true]);
    expect(await exported()).toContain(SECRET);

    await nextSecond();
    await mutate(sandbox.url, 'redact', id, partId);
    await mutate(sandbox.url, 'redact', id, 'opening-1');
    // Two changes in one second: the sandbox dates the second one a second ahead.
    await nextSecond();
    await sync();

    expect([await found(SECRET), await found(OPENING_SECRET), await found('palladiumite')]).toEqual([
      0, 0, 1,
    ]);
    const after = await bytesOf(place.url);
    expect([after.includes(SECRET), after.includes(OPENING_SECRET)]).toEqual([false, false]);
    const lines = await exported();
    expect([lines.includes(SECRET), lines.includes(OPENING_SECRET)]).toEqual([false, false]);
    expect(lines.split('\n').filter((line) => line !== '')).toHaveLength(CONVERSATIONS + 1);
  });

  // The second time the files rest for ten times as long as the first time took.
  it('is gone soon after a webhook told of it, without a run', { timeout: 180_000 }, async () => {
    const hooks = { INTERCOM_CLIENT_SECRET: CLIENT_SECRET, FAST_INTERCOM_POLL_SECONDS: '3600' };
    const me = (await apiGet(sandbox.url, '/me')) as { app: { id_code: string } };
    const id = String(await mutate(sandbox.url, 'addConversation'));
    const reply = async (body: string): Promise<string> => {
      await nextSecond();
      return String(await mutate(sandbox.url, 'reply', id, { body: `<p>${body}</p>` }));
    };
    const parts = [await reply(SECRET), await reply(OPENING_SECRET)];
    await sync();
    const server = await startHttpServe([], { ...env, ...hooks });
    const told = async (): Promise<void> => {
      const item = { type: 'conversation', id };
      const body = notification(me.app.id_code, 'conversation_part.redacted', item);
      expect((await deliver(server.url, body)).status).toBe(200);
    };
    const runs = async () =>
      (await sqlRows(place.url, 'select status from sync_runs')).map((row) => row.status);
    const until = async (holds: () => Promise<boolean>): Promise<void> => {
      while (!(await holds())) await sleep(100);
    };
    // The first notification starts the sync. Behind its run none comes by itself.
    await reply('rhodochrosite');
    await told();
    await until(async () => (await found('rhodochrosite')) === 1);
    await until(async () => (await runs()).every((status) => status === 'complete'));
    const before = await runs();
    for (const [index, secret] of [SECRET, OPENING_SECRET].entries()) {
      expect((await bytesOf(place.url)).includes(secret)).toBe(true);
      await nextSecond();
      await mutate(sandbox.url, 'redact', id, parts[index]);
      await told();
      await until(async () => !(await bytesOf(place.url)).includes(secret));
    }
    await until(async () => (await sqlRows(place.url, 'select * from purge_queue')).length === 0);
    expect(await runs()).toEqual(before);
    expect([await found(SECRET), await found('rhodochrosite')]).toEqual([0, 1]);
    expect((await server.process.stop()).code).toBe(0);
  });
});
