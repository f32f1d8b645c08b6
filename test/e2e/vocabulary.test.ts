import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { connectClient, connectStdio, type ServedClient, startHttpServe } from '../support/mcp.ts';
import { createMirror, ENGINE_NAMES, type Mirror } from '../support/mirrored.ts';
import { describeWithPostgres } from '../support/postgres.ts';

const CONVERSATIONS = 150;

interface Exported {
  readonly state: string;
  readonly priority: string;
  readonly team_assignee_id: string | number | null;
  readonly admin_assignee_id: string | number | null;
  readonly tags: { readonly tags: readonly { readonly id: string }[] };
  readonly source: { readonly type: string };
  readonly conversation_rating: { readonly rating: number | null } | null;
  readonly statistics: { readonly count_reopens: number | null } | null;
  readonly custom_attributes: Readonly<Record<string, unknown>>;
}

interface Field {
  readonly field: string;
  readonly name?: string;
  readonly distinct: number;
  readonly values: readonly { readonly value: string; readonly name?: string; readonly count: number }[];
}

const text = (value: unknown): string[] =>
  value === null || value === undefined ? [] : [String(value).toLowerCase()];
const id = (value: string | number | null): string[] =>
  value === null || Number(value) === 0 ? ['none'] : [String(value)];

/** What a conversation has of each field, read from Intercom's own fields in the export. */
const READERS: Readonly<Record<string, (each: Exported) => readonly string[]>> = {
  state: (each) => [each.state],
  priority: (each) => [each.priority],
  channel: (each) => [each.source.type],
  team: (each) => id(each.team_assignee_id),
  assignee: (each) => id(each.admin_assignee_id),
  tag: ({ tags }) => (tags.tags.length === 0 ? ['none'] : tags.tags.map((tag) => String(tag.id))),
  csat: (each) => (each.conversation_rating?.rating ? [String(each.conversation_rating.rating)] : ['none']),
  reopened: (each) => [String(Math.min(10, each.statistics?.count_reopens ?? 0))],
};

const tally = (
  all: readonly Exported[],
  read: (each: Exported) => readonly string[],
): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of all.flatMap((each) => [...new Set(read(each))]))
    counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};

const counted = ({ values }: Field): Record<string, number> =>
  Object.fromEntries(values.filter(({ count }) => count > 0).map(({ count, value }) => [value, count]));

describeWithPostgres('the vocabulary of a workspace', () => {
  describe.each(ENGINE_NAMES)('[%s]', (engine) => {
    let mirror: Mirror;
    let client: ServedClient;
    let exported: readonly Exported[];
    let fields: readonly Field[];

    const call = async (name: string, args: Record<string, unknown>) => {
      const answer = await client.call(name, args);
      expect(answer.isError, answer.text).toBe(false);
      return answer;
    };

    beforeAll(async () => {
      mirror = await createMirror(engine, CONVERSATIONS);
      const { stdout } = await runCli(['export', 'conversations'], { env: mirror.env });
      exported = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Exported);
      client = await connectStdio(['--no-sync'], mirror.env);
      const { data } = await call('describe_workspace', { limit: 1_000, max_tokens: 25_000 });
      fields = data.results as readonly Field[];
    });
    afterAll(async () => {
      await client.close();
      await mirror.drop();
    });

    const fieldNamed = (name: string): Field => {
      const found = fields.find(({ field }) => field === name);
      if (found === undefined)
        throw new Error(`no field ${name} among ${fields.map(({ field }) => field).join(', ')}`);
      return found;
    };

    it.each(Object.entries(READERS))('counts %s as the export does', (name, read) => {
      expect(exported).toHaveLength(CONVERSATIONS);
      expect(counted(fieldNamed(name))).toEqual(tally(exported, read));
    });

    it('counts every custom attribute as the export does', () => {
      const names = [...new Set(exported.flatMap((each) => Object.keys(each.custom_attributes)))];
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const simple = exported.every((each) => typeof (each.custom_attributes[name] ?? '') !== 'object');
        const field = fields.find(
          (each) => each.name === name || each.field === `attr.${name.toLowerCase()}`,
        );
        const expected = tally(exported, (each) => text(each.custom_attributes[name]));
        if (simple && Object.keys(expected).length > 0)
          expect(field && counted(field), name).toEqual(expected);
      }
    });

    it('gives names and values that a search takes, with the same counts', async () => {
      let asked = 0;
      for (const { field, values } of fields) {
        for (const { count, name, value } of values.slice(0, 4)) {
          for (const word of [value, ...(name === undefined ? [] : [name])]) {
            const operand = `${field.replace(/^attr\.(.*\s.*)$/, 'attr."$1"')}:"${word.replaceAll('"', ' ')}"`;
            const { data } = await call('search_conversations', { query: operand, limit: 1 });
            const { total_results: total } = data.summary as { total_results: number };
            // Two tags or teammates may share a name; a reopening ten times means ten times or more.
            if (word === value) expect(total, operand).toBe(count);
            else expect(total, operand).toBeGreaterThanOrEqual(count);
            asked += 1;
          }
        }
      }
      expect(asked).toBeGreaterThan(20);
    });

    it('tells one field in full, within its budget, and names the nearest of one that there is not', async () => {
      const one = await call('describe_workspace', { field: 'tag', limit: 2, max_tokens: 300 });
      const [tag] = one.data.results as readonly [Field];
      expect(tag.values.length).toBe(2);
      expect(tag.distinct).toBeGreaterThan(2);
      expect(one.text).toMatch(/\d+ more: call with field "tag"/);
      const wrong = await client.call('describe_workspace', { field: 'tagg' });
      expect(wrong).toMatchObject({ isError: true, data: { code: 'ARGUMENT_INVALID' } });
      expect(wrong.text).toContain('"tag"');
    });

    it('says the same over HTTP', async () => {
      const server = await startHttpServe(['--no-sync'], mirror.env);
      try {
        const other = await connectClient('v2 client, 2026-07-28', { url: `${server.url}/mcp` });
        const { data } = await other.call('describe_workspace', { limit: 1_000, max_tokens: 25_000 });
        expect(data.results).toEqual(fields);
        await other.close();
      } finally {
        await server.process.stop();
      }
    });
  });
});
