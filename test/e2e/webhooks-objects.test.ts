import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startSandboxProcess } from '../support/cli.ts';
import { type HttpServerProcess, startHttpServe } from '../support/mcp.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { apiGet, heldObjects, mutate, requestCounts, setBehaviour } from '../support/sandbox-control.ts';
import { type SqlRow, sqlRows } from '../support/sql.ts';
import { CLIENT_SECRET, deliver, notification } from '../support/webhooks.ts';

/** Waits for something that a process does by itself; the test's own timeout ends it. */
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await sleep(50);
};

/** No poll comes: what changes here, changes by a webhook. */
const NO_POLL = { FAST_INTERCOM_POLL_SECONDS: '3600' };

describeOnBothEngines('webhooks of tickets and articles', (create) => {
  let sandbox: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;
  let server: HttpServerProcess;
  let appId: string;

  const start = async (conversations: number, latency: number): Promise<void> => {
    const flags = ['--conversations', `${conversations}`, '--seed', '52', '--latency-ms', `${latency}`];
    sandbox = await startSandboxProcess(flags);
    place = await create();
    env = { ...sandbox.env, ...NO_POLL, DATABASE_URL: place.url, INTERCOM_CLIENT_SECRET: CLIENT_SECRET };
    const me = (await apiGet(sandbox.url, '/me')) as { app: { id_code: string } };
    appId = me.app.id_code;
  };
  const stop = async (): Promise<void> => {
    expect((await server.process.stop()).code).toBe(0);
    await sandbox.stop();
    await place.drop();
  };

  const requested = async (endpoint: string): Promise<number> =>
    (await requestCounts(sandbox.url)).byEndpoint[endpoint] ?? 0;
  const tell = async (topic: string, item: Readonly<Record<string, unknown>>): Promise<void> => {
    expect((await deliver(server.url, notification(appId, topic, item))).status).toBe(200);
  };
  const rowOf = async (table: 'articles' | 'contacts' | 'tickets', id: string): Promise<SqlRow> =>
    (await sqlRows(place.url, `select * from ${table} where id = '${id}'`))[0] ?? {};
  const idle = async (): Promise<boolean> => {
    const { stdout } = await runCli(['status', '--json'], { env: { DATABASE_URL: place.url } });
    const status = JSON.parse(stdout) as { state: string; last_run: { finished_at: string | null } | null };
    return status.state === 'idle' && status.last_run?.finished_at !== null;
  };
  const ticketIds = async (): Promise<string[]> =>
    (await heldObjects(sandbox.url, 'tickets')).map(({ id }) => String(id));

  describe('on a mirror that is complete', () => {
    beforeAll(async () => {
      await start(40, 0);
      const synced = await runCli(['sync'], { env });
      expect(synced.code, synced.stderr).toBe(0);
      server = await startHttpServe([], env);
      // The first notification starts the sync; its run is over when a ticket that changed comes in by itself.
      const [first = ''] = await ticketIds();
      await mutate(sandbox.url, 'setTicketState', first, 'waiting_on_customer');
      await tell('ticket.state.updated', { type: 'ticket', id: first });
      await until(async () => (await rowOf('tickets', first)).state === 'waiting_on_customer');
      await until(idle);
    });
    afterAll(stop);

    it("a ticket's own row is fresh, and its conversation", async () => {
      const [, id = ''] = await ticketIds();
      await mutate(sandbox.url, 'setTicket', id, { ticket_attributes: { _default_title_: 'Broken kettle' } });
      await mutate(sandbox.url, 'setTicketState', id, 'resolved');
      await mutate(sandbox.url, 'reply', id, { body: '<p>sent a new lid</p>', author: 'admin' });
      expect((await rowOf('tickets', id)).title).not.toBe('Broken kettle');
      const searches = await requested('POST /tickets/search');
      await tell('ticket.closed', { type: 'ticket_closed', ticket: { type: 'ticket', id } });
      await until(async () => (await rowOf('tickets', id)).title === 'Broken kettle');
      expect(await rowOf('tickets', id)).toMatchObject({ state: 'resolved', deleted_at: null });
      expect(await requested('POST /tickets/search')).toBe(searches);
      const held = await apiGet(sandbox.url, `/tickets/${id}`);
      const { stdout } = await runCli(['export', 'tickets'], { env });
      const line = stdout.split('\n').find((row) => row.includes(`"id":"${id}"`)) ?? '{}';
      const { _mirror: _, ...exported } = JSON.parse(line) as Record<string, unknown>;
      expect(exported).toEqual(held);
      await until(async () => {
        const { stdout: found } = await runCli(['show', id, '--json'], { env });
        return found.includes('sent a new lid');
      });
    });

    it('a ticket that is new, and one that is gone', async () => {
      const added = String(await mutate(sandbox.url, 'addTicket', {}, {}));
      await tell('ticket.created', { type: 'ticket', id: added });
      await until(async () => (await rowOf('tickets', added)).deleted_at === null);
      await mutate(sandbox.url, 'deleteTicket', added);
      await tell('ticket.state.updated', { type: 'ticket', id: added });
      await until(async () => typeof (await rowOf('tickets', added)).deleted_at !== 'object');
      expect((await runCli(['export', 'tickets'], { env })).stdout).not.toContain(`"id":"${added}"`);
      const waiting = `select id from fetch_queue where entity = 'tickets'`;
      await until(async () => (await sqlRows(place.url, waiting)).length === 0);
    });

    it('an article that changed, one that is new, and one that is gone', async () => {
      const [first = {}, second = {}] = await heldObjects(sandbox.url, 'articles');
      await mutate(sandbox.url, 'put', 'articles', { ...first, title: 'How to descale' });
      await mutate(sandbox.url, 'put', 'articles', { ...second, id: '990001', title: 'Brand new' });
      await mutate(sandbox.url, 'drop', 'articles', second.id);
      await tell('article.updated', { type: 'article', id: first.id });
      await tell('article.created', { type: 'article', id: '990001' });
      await tell('article.deleted', { type: 'article', id: second.id });
      await until(async () => (await rowOf('articles', String(first.id))).title === 'How to descale');
      await until(async () => (await rowOf('articles', '990001')).title === 'Brand new');
      await until(async () => typeof (await rowOf('articles', String(second.id))).deleted_at !== 'object');
      expect(await rowOf('articles', '990001')).toMatchObject({ deleted_at: null });
    });

    it('what the token may not read is asked for once, and holds nothing else back', async () => {
      const [id = ''] = await ticketIds();
      const [article = {}] = await heldObjects(sandbox.url, 'articles');
      const asked = await requested('GET /tickets/{id}');
      await setBehaviour(sandbox.url, { missingScopes: ['read_tickets'] });
      try {
        await tell('ticket.state.updated', { type: 'ticket', id });
        await until(async () => (await requested('GET /tickets/{id}')) > asked);
        for (const title of ['One', 'Two', 'Three']) {
          await mutate(sandbox.url, 'put', 'articles', { ...article, title });
          await tell('article.updated', { type: 'article', id: article.id });
          await until(async () => (await rowOf('articles', String(article.id))).title === title);
        }
        expect(await requested('GET /tickets/{id}')).toBe(asked + 1);
      } finally {
        await setBehaviour(sandbox.url, { missingScopes: [] });
      }
    });
  });

  describe('on a mirror that is being made', () => {
    afterEach(stop);

    it('tickets, articles and contacts that are announced go before the backfill', async () => {
      await start(150, 150);
      server = await startHttpServe([], { ...env, FAST_INTERCOM_CONCURRENCY: '2' });
      await tell('ping', { type: 'ping' });
      await until(async () => (await requested('GET /conversations/{id}')) > 4);
      const id = (await ticketIds()).at(-1) ?? '';
      const [article = {}] = await heldObjects(sandbox.url, 'articles');
      const [contact = {}] = await heldObjects(sandbox.url, 'contacts');
      await mutate(sandbox.url, 'setTicketState', id, 'waiting_on_customer');
      await mutate(sandbox.url, 'put', 'articles', { ...article, title: 'Urgent' });
      await mutate(sandbox.url, 'updateContact', contact.id, { name: 'Urgent' });
      await tell('ticket.state.updated', { type: 'ticket', id });
      await tell('article.updated', { type: 'article', id: article.id });
      await tell('contact.user.updated', { type: 'contact', id: contact.id });
      await until(async () => (await rowOf('tickets', id)).state === 'waiting_on_customer');
      await until(async () => (await rowOf('articles', String(article.id))).title === 'Urgent');
      await until(async () => (await rowOf('contacts', String(contact.id))).name === 'Urgent');
      const [{ left } = {}] = await sqlRows(
        place.url,
        `select count(*) as "left" from conversations where hydrated = 0`,
      );
      expect(Number(left)).toBeGreaterThan(0);
      // The lists of the backfill may have brought them, too: each was also asked for by itself.
      for (const kind of ['tickets', 'articles', 'contacts'])
        await until(async () => (await requested(`GET /${kind}/{id}`)) > 0);
    });
  });
});
