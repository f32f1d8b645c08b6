import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startCli, startSandboxProcess } from '../support/cli.ts';
import { ask, post } from '../support/http.ts';
import { lockTable } from '../support/locked.ts';
import { connectClient, type HttpServerProcess, startHttpServe } from '../support/mcp.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { apiGet, mutate, requestCounts, requestLog } from '../support/sandbox-control.ts';
import { CLIENT_SECRET, deliver, notification, signatureOf } from '../support/webhooks.ts';

const CONVERSATIONS = 40;
const REPLIED = 'conversation.user.replied';

/** Waits for something that a process does by itself; the test's own timeout ends it. */
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await sleep(50);
};

const found = async (server: string, words: string): Promise<number> => {
  const answer = await post(server, {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'search_conversations', arguments: { query: words, limit: 1 } },
  });
  const data = /^data: (.*)$/m.exec(answer.body)?.[1] ?? answer.body;
  const { result } = JSON.parse(data) as {
    result: { structuredContent: { summary?: { total_results: number } } };
  };
  return result.structuredContent.summary?.total_results ?? 0;
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

describeOnBothEngines('webhooks', (create) => {
  let sandbox: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;
  let appId: string;
  let ids: readonly string[];

  const item = (id: string) => ({ type: 'conversation', id });
  const reply = (id: string, body: string) => mutate(sandbox.url, 'reply', id, { body, author: 'customer' });
  const threads = async (): Promise<number> =>
    (await requestCounts(sandbox.url)).byEndpoint['GET /conversations/{id}'] ?? 0;

  const start = async (size: number, latency: number): Promise<void> => {
    const flags = ['--conversations', `${size}`, '--seed', '51', '--latency-ms', `${latency}`];
    sandbox = await startSandboxProcess(flags);
    place = await create();
    env = {
      ...sandbox.env,
      DATABASE_URL: place.url,
      INTERCOM_CLIENT_SECRET: CLIENT_SECRET,
      FAST_INTERCOM_POLL_SECONDS: '3600',
    };
    const me = (await apiGet(sandbox.url, '/me')) as { app: { id_code: string } };
    appId = me.app.id_code;
    const list = (await apiGet(sandbox.url, '/conversations?per_page=150')) as {
      conversations: { id: string }[];
    };
    ids = list.conversations.map(({ id }) => id);
  };
  const stop = async (): Promise<void> => {
    await sandbox.stop();
    await place.drop();
  };

  describe('on a mirror that is complete', () => {
    let server: HttpServerProcess;

    beforeAll(async () => {
      await start(CONVERSATIONS, 0);
      const synced = await runCli(['sync'], { env });
      expect(synced.code, synced.stderr).toBe(0);
      server = await startHttpServe([], env);
      // Nobody asks anything: the first notification is what starts the sync.
      expect((await deliver(server.url, notification(appId, 'ping', { type: 'ping' }))).status).toBe(200);
      await reply(ids[0] ?? '', '<p>pollmark</p>');
      await until(async () => (await found(server.url, 'pollmark')) === 1 || (await idle()));
      await deliver(server.url, notification(appId, REPLIED, item(ids[0] ?? '')));
      await until(async () => (await found(server.url, 'pollmark')) === 1);
      await until(idle);
    });
    afterAll(async () => {
      expect((await server.process.stop()).code).toBe(0);
      await stop();
    });

    /** The run that follows the start is over: nothing but a webhook brings a change from here on. */
    const idle = async (): Promise<boolean> => {
      const { stdout } = await runCli(['status', '--json'], { env: { DATABASE_URL: place.url } });
      const status = JSON.parse(stdout) as { state: string; last_run: { finished_at: string | null } | null };
      return status.state === 'idle' && status.last_run?.finished_at !== null;
    };

    it('a change is searchable after its notification, without a poll', async () => {
      const id = ids[1] ?? '';
      await reply(id, '<p>zebrafinch arrived</p>');
      expect(await found(server.url, 'zebrafinch')).toBe(0);
      const answer = await deliver(server.url, notification(appId, REPLIED, item(id)));
      expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { status: 'ok' }]);
      await until(async () => (await found(server.url, 'zebrafinch')) === 1);
    });

    it('a conversation that is new, and one that is deleted', async () => {
      const added = String(await mutate(sandbox.url, 'addConversation'));
      await reply(added, '<p>brandnewmark</p>');
      expect(await found(server.url, 'brandnewmark')).toBe(0);
      await deliver(server.url, notification(appId, 'conversation.user.created', item(added)));
      await until(async () => (await found(server.url, 'brandnewmark')) === 1);
      await mutate(sandbox.url, 'delete', added);
      await deliver(server.url, notification(appId, 'conversation.deleted', item(added)));
      await until(async () => (await found(server.url, 'brandnewmark')) === 0);
    });

    it('takes nothing from the notification itself (T89)', async () => {
      const id = ids[2] ?? '';
      const before = await threads();
      const forged = {
        ...item(id),
        title: 'smuggledmark',
        source: { type: 'conversation', body: '<p>smuggledmark</p>' },
      };
      expect((await deliver(server.url, notification(appId, REPLIED, forged))).status).toBe(200);
      await until(async () => (await threads()) > before);
      await until(idle);
      expect(await found(server.url, 'smuggledmark')).toBe(0);
    });

    it.each([
      ['another secret', (body: string) => ({ signature: signatureOf(body, 'wrong') })],
      ['no signature', () => ({ signature: null })],
      ['an empty signature', () => ({ signature: '' })],
      ['another algorithm', (body: string) => ({ signature: signatureOf(body).replace('sha1', 'sha256') })],
      ['a signature without its name', (body: string) => ({ signature: signatureOf(body).slice(5) })],
      ['a part of the signature', (body: string) => ({ signature: signatureOf(body).slice(0, -2) })],
      [
        'the signature of the same JSON, written anew',
        (body: string) => ({ signature: signatureOf(JSON.stringify(JSON.parse(body), null, 1)) }),
      ],
    ])('refuses %s with 401, and fetches nothing (T89)', async (_name, sign) => {
      const before = await threads();
      const body = notification(appId, REPLIED, item(ids[3] ?? ''));
      expect((await deliver(server.url, body, sign(body))).status).toBe(401);
      expect(await threads()).toBe(before);
    });

    it.each([
      ['of another workspace', { app_id: 'another1' }],
      ['of no workspace', { app_id: null }],
      ['of yesterday', { created_at: Math.floor(Date.now() / 1000) - 86_400 }],
      ['of tomorrow', { created_at: Math.floor(Date.now() / 1000) + 86_400 }],
      ['without a time', { created_at: null, first_sent_at: null }],
    ])('refuses a signed one %s (T89)', async (_name, more) => {
      const before = await threads();
      const answer = await deliver(server.url, notification(appId, REPLIED, item(ids[3] ?? ''), more));
      expect(answer.status).toBe(401);
      expect(await threads()).toBe(before);
    });

    it('checks the bytes, whatever their JSON looks like, and hex of either case', async () => {
      const id = ids[4] ?? '';
      await reply(id, '<p>oddlyspaced</p>');
      const body = `\n${JSON.stringify(JSON.parse(notification(appId, REPLIED, { ...item(id), title: 'Ünïcode' })), null, 3)}\r\n`;
      const signature = signatureOf(body).toUpperCase().replace('SHA1', 'sha1');
      const answer = await deliver(server.url, body, {
        signature,
        headers: { 'content-type': 'text/plain' },
      });
      expect(answer.status).toBe(200);
      await until(async () => (await found(server.url, 'oddlyspaced')) === 1);
    });

    it('the same notification again is answered and changes nothing (T89)', async () => {
      const body = notification(appId, REPLIED, item(ids[5] ?? ''));
      const before = await threads();
      expect((await deliver(server.url, body)).status).toBe(200);
      await until(async () => (await threads()) === before + 1);
      expect((await deliver(server.url, body)).status).toBe(200);
      // Another one behind it is done: so the first would have been, too.
      await deliver(server.url, notification(appId, REPLIED, item(ids[6] ?? '')));
      await until(async () => (await threads()) >= before + 2);
      expect(await threads()).toBe(before + 2);
    });

    it('answers 200 to topics that it does not know, and 400 and 413 to what is no notification', async () => {
      const unknown = notification(appId, 'mystery.happened', { type: 'mystery', id: '1' });
      expect((await deliver(server.url, unknown)).status).toBe(200);
      for (const body of ['', 'not json', '[]', '{"type":"notification_event"}'])
        expect((await deliver(server.url, body)).status, body).toBe(400);
      const large = notification(appId, REPLIED, { ...item('1'), body: 'x'.repeat(1024 * 1024) });
      expect((await deliver(server.url, large)).status).toBe(413);
    });

    it('is reached through a proxy with its own Host; nothing else is', async () => {
      const headers = { host: 'hooks.example.com', origin: 'https://hooks.example.com' };
      const forwarded = { ...headers, 'x-forwarded-for': '203.0.113.7' };
      const body = notification(appId, 'ping', { type: 'ping' });
      expect((await deliver(server.url, body, { headers: forwarded })).status).toBe(200);
      expect((await ask(`${server.url}/webhooks/intercom`, { method: 'HEAD', headers })).status).toBe(200);
      for (const path of ['/mcp', '/health', '/ready', '/webhooks/intercom/x', '/webhooks']) {
        expect((await ask(server.url + path, { headers })).status, path).toBe(403);
        const rewritten = { host: '127.0.0.1', 'x-forwarded-for': '203.0.113.7' };
        expect((await ask(server.url + path, { headers: rewritten })).status, path).toBe(403);
      }
    });

    it('answers while the database is locked, and fetches when it is free again (T92)', async () => {
      const changed = ids.slice(10, 20);
      for (const id of changed) await reply(id, '<p>lockedmark</p>');
      const release = await lockWrites(place.url);
      try {
        // Nobody lets go of the lock before all of them are answered.
        for (const id of changed) {
          const answer = await deliver(server.url, notification(appId, REPLIED, item(id)));
          expect(answer.status).toBe(200);
        }
      } finally {
        await release();
      }
      await until(async () => (await found(server.url, 'lockedmark')) === changed.length);
    });

    it('what is not delivered is found by the next sync (T91)', async () => {
      const changed = ids.slice(20, 30);
      for (const id of changed) await reply(id, '<p>droppedmark</p>');
      const delivered = changed.filter((_, index) => index % 3 !== 0);
      for (const id of delivered) await deliver(server.url, notification(appId, REPLIED, item(id)));
      await until(async () => (await found(server.url, 'droppedmark')) === delivered.length);
      const synced = await runCli(['sync'], { env });
      expect(synced.code, synced.stderr).toBe(0);
      expect(await found(server.url, 'droppedmark')).toBe(changed.length);
    });

    it('what was refused above was never fetched', async () => {
      const path = `/conversations/${ids[3]}`;
      const fetched = (await requestLog(sandbox.url)).filter((entry) => entry.path === path);
      // Once, by the first sync.
      expect(fetched).toHaveLength(1);
    });
  });

  describe('on a mirror that is being made', () => {
    afterEach(stop);

    it('what is announced goes before the backfill', async () => {
      await start(150, 150);
      const server = await startHttpServe([], { ...env, FAST_INTERCOM_CONCURRENCY: '2' });
      const client = await connectClient('v2 client, 2025-11-25', { url: `${server.url}/mcp` });
      await client.call('get_sync_status');
      await until(async () => (await threads()) > 4);
      // Backfills fetch the newest first: this one would be the last.
      const oldest = ids.at(-1) ?? '';
      const created = await Promise.all(
        ids.map(async (id) => Number((await apiGet(sandbox.url, `/conversations/${id}`)).created_at)),
      );
      const id = ids[created.indexOf(Math.min(...created))] ?? oldest;
      await reply(id, '<p>urgentmark</p>');
      await deliver(server.url, notification(appId, REPLIED, item(id)));
      await until(async () => (await found(server.url, 'urgentmark')) === 1);
      const status = await client.call('get_sync_status');
      const { coverage } = status.data.metadata as {
        coverage: { conversations: { known: number; hydrated: number } };
      };
      expect(coverage.conversations.hydrated).toBeLessThan(coverage.conversations.known);
      await client.close();
      await server.process.stop();
    });
  });

  describe('where another process syncs', () => {
    beforeEach(() => start(CONVERSATIONS, 0));
    afterEach(stop);

    it('the one that holds the lease fetches what is announced to the other one', async () => {
      const watching = startCli(['sync', '--watch', '--json'], { env });
      await watching.waitForLine(/"status":"complete"/);
      const server = await startHttpServe(['--no-sync'], env);
      const id = ids[1] ?? '';
      await reply(id, '<p>elsewheremark</p>');
      expect(await found(server.url, 'elsewheremark')).toBe(0);
      await deliver(server.url, notification(appId, REPLIED, item(id)));
      await until(async () => (await found(server.url, 'elsewheremark')) === 1);
      await server.process.stop();
      await watching.stop();
    });

    it('without a client secret there is no such address', async () => {
      const { INTERCOM_CLIENT_SECRET: _secret, ...without } = env;
      const server = await startHttpServe(['--no-sync'], without);
      expect((await deliver(server.url, notification(appId, 'ping', {}))).status).toBe(404);
      await server.process.stop();
    });
  });
});
