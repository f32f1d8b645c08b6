import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { createWorld } from '../../src/sandbox/world/create-world.ts';
import { runCli } from '../support/cli.ts';
import { lockTable } from '../support/locked.ts';
import { type HttpServerProcess, startHttpServe } from '../support/mcp.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { CLIENT_SECRET, deliver, notification, signatureOf } from '../support/webhooks.ts';
import { differences, expectSame, heldConversations } from './oracle.ts';
import { exported, rowsOf } from './read-mirror.ts';

const REPLIED = 'conversation.user.replied';
/** Programs are started one after the other, on machines that do other things too. */
const TIME = { timeout: 120_000 };

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await sleep(50);
};

/** Holds the database so that nobody can write; release it with what is given back. */
const lockWrites = async (url: string): Promise<() => Promise<void>> => {
  if (!url.startsWith('sqlite:')) {
    const lock = await lockTable(url, 'sync_wakes');
    return () => lock.release();
  }
  const db = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 10_000 });
  db.exec('begin immediate');
  return async () => {
    db.exec('rollback');
    db.close();
  };
};

/** The simulated Intercom sends its own notifications, but for those that a test makes up. */
describeOnBothEngines('notifications', (create) => {
  let sandbox: Sandbox;
  let place: MirrorPlace;
  let env: Record<string, string>;
  let server: HttpServerProcess;
  let appId: string;
  let ids: string[];

  beforeAll(async () => {
    const world = await createWorld({ seed: 77, conversations: 60 });
    sandbox = await startSandbox({ world });
    ids = Array.from({ length: 60 }, (_, index) => world.conversations.id(index));
    appId = world.workspace.id_code;
    place = await create();
    env = {
      INTERCOM_ACCESS_TOKEN: 'sandbox',
      INTERCOM_API_BASE_URL: sandbox.url,
      DATABASE_URL: place.url,
      INTERCOM_CLIENT_SECRET: CLIENT_SECRET,
      // No poll comes in between.
      FAST_INTERCOM_POLL_SECONDS: '3600',
    };
    await sync();
    server = await startHttpServe([], env);
    const webhookUrl = `${server.url}/webhooks/intercom`;
    sandbox.set({ webhookSecret: CLIENT_SECRET, webhookRetryMs: 50 });
    // The first notification starts the sync; once it has brought its change and rests, nothing else comes by itself.
    const last = ids.at(-1) ?? '';
    sandbox.mutate.reply(last, { body: '<p>first</p>' });
    expect((await deliver(server.url, notification(appId, REPLIED, item(last)))).status).toBe(200);
    const held = await heldConversations(sandbox.url);
    await until(async () => differences(await stored(), held).length === 0);
    await until(idle);
    sandbox.set({ webhookUrl });
  }, TIME.timeout);
  afterAll(async () => {
    expect((await server.process.stop()).code).toBe(0);
    await sandbox.close();
    await place.drop();
  }, TIME.timeout);

  const sync = async (): Promise<void> => {
    const result = await runCli(['sync', '--json'], { env });
    expect(result.code, result.stderr).toBe(0);
  };
  const idle = async (): Promise<boolean> => {
    const { stdout } = await runCli(['status', '--json'], { env: { DATABASE_URL: place.url } });
    const status = JSON.parse(stdout) as { state: string; last_run: { finished_at: string | null } | null };
    return status.state === 'idle' && status.last_run?.finished_at !== null;
  };
  const stored = async () => rowsOf(await exported(place.url));
  const item = (id: string) => ({ type: 'conversation', id });
  const served = (id: string): number =>
    sandbox.log().filter(({ path, headers }) => path === `/conversations/${id}` && isOurs(headers)).length;
  const isOurs = (headers: Readonly<Record<string, string>>): boolean =>
    headers['user-agent']?.startsWith('fast-intercom-mcp') ?? false;

  it('T89 fetches nothing for what is forged, unsigned, old or of another workspace', TIME, async () => {
    const [id = '', other = ''] = ids;
    const before = served(id);
    const body = notification(appId, REPLIED, item(id));
    const pretty = JSON.stringify(JSON.parse(body), null, 2);
    const yesterday = Math.floor(Date.now() / 1_000) - 86_400;
    const old = notification(appId, REPLIED, item(id), { created_at: yesterday, first_sent_at: yesterday });
    const forgeries = [
      deliver(server.url, body, { signature: signatureOf(body, 'wrong') }),
      deliver(server.url, body, { signature: null }),
      deliver(server.url, body, { signature: '' }),
      deliver(server.url, pretty, { signature: signatureOf(body) }),
      deliver(server.url, body, { signature: signatureOf(body).slice('sha1='.length) }),
      deliver(server.url, notification('another1', REPLIED, item(id))),
      deliver(server.url, old),
    ];
    expect((await Promise.all(forgeries)).map(({ status }) => status)).toEqual(forgeries.map(() => 401));
    // Hex in upper case is the same signature; what comes behind the forgeries is done.
    const good = notification(appId, REPLIED, { ...item(other), title: 'smuggled', state: 'smuggled' });
    const upper = `sha1=${signatureOf(good).slice('sha1='.length).toUpperCase()}`;
    const fetched = served(other);
    expect((await deliver(server.url, good, { signature: upper })).status).toBe(200);
    await until(() => served(other) > fetched);
    expect(served(id)).toBe(before);
    // The payload says only where to look.
    expect((await exported(place.url)).includes('smuggled')).toBe(false);
    expectSame(await stored(), await heldConversations(sandbox.url));
  });

  it('T91 brings what is delivered at once, and what is lost with the next sync', TIME, async () => {
    sandbox.set({ webhookDropShare: 0.3, webhookRepeatShare: 0.2 });
    const before = sandbox.webhooks();
    for (const [index, id] of ids.slice(10, 40).entries())
      sandbox.mutate.reply(id, { body: `<p>answer ${index}</p>` });
    sandbox.set({ webhookDropShare: 0, webhookRepeatShare: 0 });
    const dropped = sandbox.webhooks().dropped - before.dropped;
    expect(dropped).toBeGreaterThan(0);
    await until(() => sandbox.webhooks().pending === 0);
    expect(sandbox.webhooks().failed).toBe(before.failed);
    const held = await heldConversations(sandbox.url);
    await until(async () => stale(await stored(), held) === dropped);
    await sync();
    expectSame(await stored(), await heldConversations(sandbox.url));
  });

  it('T92 answers while the database is locked, and does it when it is free', TIME, async () => {
    const before = sandbox.webhooks();
    const release = await lockWrites(place.url);
    try {
      for (const id of ids.slice(40, 55)) sandbox.mutate.reply(id, { body: '<p>while locked</p>' });
      // The lock is held until all are answered: a handler that waits for it is told again, and fails.
      await until(() => sandbox.webhooks().pending === 0);
    } finally {
      await release();
    }
    const { delivered, disabled, failed } = sandbox.webhooks();
    expect({ delivered: delivered - before.delivered, disabled, failed }).toEqual({
      delivered: 15,
      disabled: false,
      failed: before.failed,
    });
    const held = await heldConversations(sandbox.url);
    await until(async () => differences(await stored(), held).length === 0);
  });
});

const stale = (rows: Parameters<typeof differences>[0], held: Parameters<typeof differences>[1]): number =>
  new Set(differences(rows, held).map((words) => words.split(':')[0])).size;
