import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import {
  connectClient,
  connectStdio,
  type ServedClient,
  startHttpServe,
  type ToolAnswer,
} from '../support/mcp.ts';
import { createMirror, ENGINE_NAMES, type Mirror } from '../support/mirrored.ts';
import { describeWithPostgres } from '../support/postgres.ts';

const CONVERSATIONS = 200;

interface Exported {
  readonly id: string;
  readonly [name: string]: unknown;
}

const rowsOf = ({ data }: ToolAnswer) => data.results as readonly Exported[];
const recordOf = ({ data }: ToolAnswer) => data.record as Readonly<Record<string, unknown>>;
const totalOf = ({ data }: ToolAnswer) => (data.summary as { total_results: number }).total_results;
const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => String(id)).sort();

describeWithPostgres('contacts, companies, tickets and articles', () => {
  describe.each(ENGINE_NAMES)('[%s]', (engine) => {
    let mirror: Mirror;
    let client: ServedClient;
    const exported: Record<string, readonly Exported[]> = {};

    const call = async (
      name: string,
      args: Record<string, unknown> = {},
      by = client,
    ): Promise<ToolAnswer> => {
      const answer = await by.call(name, args);
      expect(answer.isError, answer.text).toBe(false);
      return answer;
    };

    const of = (entity: string): readonly Exported[] => exported[entity] ?? [];

    beforeAll(async () => {
      mirror = await createMirror(engine, CONVERSATIONS);
      for (const entity of ['contacts', 'companies', 'tickets', 'articles', 'conversations']) {
        const { stdout } = await runCli(['export', entity], { env: mirror.env });
        const lines = stdout.trim().split('\n').filter(Boolean);
        exported[entity] = lines.map((line) => JSON.parse(line) as Exported);
      }
      client = await connectStdio(['--no-sync'], mirror.env);
    });
    afterAll(async () => {
      await client.close();
      await mirror.drop();
    });

    it.each([
      ['search_contacts', 'contacts'],
      ['list_companies', 'companies'],
      ['search_tickets', 'tickets'],
      ['search_articles', 'articles'],
    ])('%s pages through all that is exported, without gap or repetition', async (tool, entity) => {
      const wanted = idsOf(of(entity));
      expect(wanted.length).toBeGreaterThan(5);
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const page: ToolAnswer = await call(tool, {
          limit: 40,
          max_tokens: 2_000,
          ...(cursor ? { cursor } : {}),
        });
        expect(totalOf(page)).toBe(wanted.length);
        expect(page.text.length).toBeLessThan(5 * 2_000);
        expect(JSON.stringify(page.data).length).toBeLessThan(5 * 2_000);
        ids.push(...rowsOf(page).map(({ id }) => id));
        cursor = (page.data.pagination as { next_cursor: string | null }).next_cursor;
      } while (cursor !== null);
      expect(ids.toSorted()).toEqual(wanted);
      const tiny = await call(tool, { limit: 3, max_tokens: 200 });
      expect(rowsOf(tiny)).toHaveLength(1);
    });

    it('finds contacts by words, role, tag, company and attributes as the export has them', async () => {
      const contacts = of('contacts');
      const [some] = contacts.filter(({ email }) => typeof email === 'string');
      const address = String(some?.email);
      const byMail = await call('search_contacts', { query: address.toUpperCase() });
      expect(rowsOf(byMail).map(({ id }) => id)).toContain(some?.id);
      const domain = await call('search_contacts', { email_domain: 'example.net', per_page: 1 });
      expect(totalOf(domain)).toBe(
        contacts.filter(({ email }) => String(email).includes('@example.net')).length,
      );
      const leads = await call('search_contacts', { role: 'lead', limit: 1 });
      expect(totalOf(leads)).toBe(contacts.filter(({ role }) => role === 'lead').length);
      const plan = await call('search_contacts', { custom_attributes: { plan: 'pro' }, limit: 1 });
      const pro = contacts.filter((each) => (each.custom_attributes as { plan?: string }).plan === 'pro');
      expect(pro.length).toBeGreaterThan(0);
      expect(totalOf(plan)).toBe(pro.length);
      const companies = of('companies');
      const sizes = await Promise.all(
        companies.slice(0, 3).map(async (company) => {
          const found = await call('search_contacts', {
            company: company.name,
            limit: 1_000,
            max_tokens: 25_000,
          });
          const one = await call('get_company', { id: company.id, max_tokens: 25_000 });
          expect(recordOf(one).contact_count).toBe(totalOf(found));
          return totalOf(found);
        }),
      );
      expect(Math.max(...sizes)).toBeGreaterThan(0);
      const nobody = await call('search_contacts', { tag: 'no such tag' });
      expect(rowsOf(nobody)).toEqual([]);
      expect(nobody.text).toContain('There is no tag "no such tag"');
    });

    it('tells all about a contact by any of its ids, its conversations counted as a search counts them', async () => {
      const counts = new Map<string, number>();
      for (const each of of('conversations'))
        for (const { id } of (each.contacts as { contacts: readonly { id: string }[] }).contacts)
          counts.set(id, (counts.get(id) ?? 0) + 1);
      const [busiest] = [...counts]
        .sort((a, b) => b[1] - a[1])
        .filter(([id]) => of('contacts').some((each) => each.id === id));
      const [id, count] = busiest ?? ['', 0];
      const contact = of('contacts').find((each) => each.id === id);
      const answer = await call('get_contact', { id });
      const { conversations } = recordOf(answer) as {
        conversations: { total: number; newest: readonly { id: string }[] };
      };
      expect(conversations.total).toBeGreaterThanOrEqual(count);
      expect(totalOf(await call('search_conversations', { contact: id, limit: 1 }))).toBe(
        conversations.total,
      );
      expect(conversations.newest.length).toBe(Math.min(10, conversations.total));
      for (const other of [contact?.external_id, contact?.email, `contact_${id}`])
        if (other) expect(recordOf(await call('get_contact', { id: other }))).toEqual(recordOf(answer));
      expect(answer.text).toContain('<untrusted>');
    });

    it('reads every ticket with its messages, and finds tickets by state, team and words', async () => {
      const tickets = of('tickets');
      for (const ticket of tickets.slice(0, 5)) {
        const answer = await call('get_ticket', { id: ticket.id, max_tokens: 25_000 });
        const parts = (ticket.ticket_parts as { ticket_parts: readonly { body?: string | null }[] })
          .ticket_parts;
        const { messages = [] } = recordOf(answer) as { messages?: readonly unknown[] };
        expect(messages).toHaveLength(parts.filter(({ body }) => body).length);
      }
      const resolved = await call('search_tickets', { state: 'resolved', limit: 1 });
      const stateOf = ({ ticket_state: state }: Exported) =>
        typeof state === 'object' && state !== null ? (state as { category?: string }).category : state;
      expect(totalOf(resolved)).toBe(tickets.filter((each) => stateOf(each) === 'resolved').length);
      const open = await call('search_tickets', { open: true, limit: 1 });
      expect(totalOf(open)).toBe(tickets.filter((each) => each.open === true).length);
    });

    it('finds an article by words of its text, the one with them in its title first, and reads it in pages', async () => {
      const [article] = of('articles');
      const title = String(article?.title);
      const found = await call('search_articles', { phrase: title });
      expect(rowsOf(found)[0], title).toMatchObject({ id: article?.id });
      const whole = await call('get_article', { id: article?.id });
      const text = String(recordOf(whole).text);
      const words = text.split(/\s+/).filter((word) => /^\p{L}{4,}$/u.test(word));
      const byBody = await call('search_articles', {
        query: words.slice(0, 3).join(' '),
        limit: 1_000,
        max_tokens: 25_000,
      });
      expect(rowsOf(byBody).map(({ id }) => id)).toContain(article?.id);
      const list = await call('search_articles', { internal: true });
      expect(totalOf(list)).toBeGreaterThan(0);
    });

    it('has one sentence for each thing that it cannot do', async () => {
      for (const [tool, args, words] of [
        ['get_contact', { id: 'nobody@example.com' }, 'has no contact'],
        ['get_company', { id: 'nothing' }, 'has no company'],
        ['get_ticket', { id: '0' }, 'has no ticket'],
        ['get_article', { id: '0' }, 'has no article'],
        ['get_contact', { id: '' }, 'id must be'],
        ['search_contacts', { limit: 0 }, 'limit'],
        ['search_contacts', { cursor: 'x' }, 'cursor'],
        ['search_articles', { internal: true, state: 'draft' }, 'internal articles have none'],
      ] as const) {
        const answer = await client.call(tool, args);
        expect(answer.isError, `${tool}: ${answer.text}`).toBe(true);
        expect(answer.text).toContain(words);
      }
    });

    it('says the same over HTTP and on the terminal', async () => {
      const server = await startHttpServe(['--no-sync'], mirror.env);
      try {
        const other = await connectClient('v2 client, 2026-07-28', { url: `${server.url}/mcp` });
        for (const tool of ['search_contacts', 'list_companies', 'search_tickets', 'search_articles'])
          expect(rowsOf(await call(tool, { limit: 5 }, other))).toEqual(
            rowsOf(await call(tool, { limit: 5 })),
          );
        await other.close();
      } finally {
        await server.process.stop();
      }
      for (const [command, tool] of [
        ['contacts', 'search_contacts'],
        ['tickets', 'search_tickets'],
        ['articles', 'search_articles'],
      ] as const) {
        const { stdout } = await runCli([command, '--limit', '5', '--json'], { env: mirror.env });
        const told = JSON.parse(stdout) as { results: readonly Exported[] };
        const rows = rowsOf(await call(tool, { limit: 5 }));
        expect(told.results.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
        const one = await runCli([command, '--id', String(rows[0]?.id)], { env: mirror.env });
        expect(one.stdout).toContain(`id: ${rows[0]?.id}`);
      }
    });
  });
});
