import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectClient, connectStdio, type ServedClient, startHttpServe } from '../support/mcp.ts';
import { createMirror, ENGINE_NAMES, type Mirror } from '../support/mirrored.ts';
import { describeWithPostgres } from '../support/postgres.ts';

const ajv = new Ajv2020({ strict: false });

interface Result {
  readonly id: string;
  readonly title: string;
  readonly url: string;
}

/** What ChatGPT does: it searches, fetches what it found, and cites the address. */
const research = async (client: ServedClient) => {
  const schemas = new Map((await client.listTools()).map((tool) => [tool.name, tool.outputSchema ?? false]));
  const call = async (name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const { data, isError, text } = await client.call(name, args);
    expect(isError, text).toBe(false);
    expect(JSON.parse(text)).toEqual(data);
    const validate = ajv.compile(schemas.get(name) ?? false);
    expect(validate(data), ajv.errorsText(validate.errors)).toBe(true);
    return data;
  };
  const found = await call('search', { query: 'refund' });
  const results = found.results as readonly Result[];
  const documents = [];
  for (const { id, url } of results.slice(0, 3)) {
    const byId = await call('fetch', { id });
    expect(await call('fetch', { id: url })).toEqual(byId);
    documents.push(byId);
  }
  const refused = await client.call('fetch', { id: 'conversation:1' });
  expect(refused).toMatchObject({ isError: true, data: { code: 'CONVERSATION_NOT_FOUND' } });
  return { results, documents };
};

describeWithPostgres('a connector of ChatGPT', () => {
  const mirrors: Mirror[] = [];
  const answers: Record<string, Awaited<ReturnType<typeof research>>> = {};

  beforeAll(async () => {
    for (const engine of ENGINE_NAMES) mirrors.push(await createMirror(engine, 60));
  });
  afterAll(() => Promise.all(mirrors.map((mirror) => mirror.drop())));

  it.each(ENGINE_NAMES.map((engine, index) => [engine, index] as const))(
    '[%s] searches, fetches and cites, over stdio and HTTP alike',
    async (engine, index) => {
      const env = mirrors[index]?.env ?? {};
      const client = await connectStdio(['--no-sync', '--toolsets', 'connector'], env);
      expect((await client.listTools()).map(({ name }) => name)).toEqual(['search', 'fetch']);
      const found = await research(client);
      await client.close();
      expect(found.results.length).toBeGreaterThan(2);
      for (const { id, title, url } of found.results) {
        expect(id).toMatch(/^conversation:\d+$/);
        expect(title).not.toBe('');
        expect(url).toMatch(/^https:\/\/app\.intercom\.com\/a\/inbox\/\w+\/inbox\/conversation\/\d+$/);
      }
      for (const { text } of found.documents) expect(text).toMatch(/refund/i);
      const server = await startHttpServe(['--no-sync'], env);
      try {
        const other = await connectClient('v2 client, 2026-07-28', { url: `${server.url}/mcp` });
        expect(await research(other)).toEqual(found);
        await other.close();
      } finally {
        await server.process.stop();
      }
      answers[engine] = found;
    },
  );

  it('answers the same from both engines', () => {
    // Both were mirrored from the same simulated workspace; only the times of the two syncs differ.
    const timeless = (engine: string) =>
      answers[engine]?.documents.map(({ metadata: _metadata, ...document }) => document);
    expect(answers.sqlite?.results).toEqual(answers.postgres?.results);
    expect(timeless('sqlite')).toEqual(timeless('postgres'));
    expect(timeless('sqlite')).toHaveLength(3);
  });
});
