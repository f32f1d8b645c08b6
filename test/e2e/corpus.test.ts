import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startSandboxProcess, withoutFetchTime } from '../support/cli.ts';
import { connectStdio, type ServedClient } from '../support/mcp.ts';
import { createTestDatabase, describeWithPostgres } from '../support/postgres.ts';
import { describeWithShared } from '../support/shared.ts';
import { createTempDir } from '../support/temp-dir.ts';

interface Turn {
  readonly role: string;
  readonly text: string;
}
interface CorpusConversation {
  readonly id: string;
  readonly language: string;
  readonly turns: readonly Turn[];
}
interface ExportedConversation {
  readonly id: string;
  readonly custom_attributes: { readonly corpus_id: string };
  readonly parts: readonly { readonly type: string; readonly body: string | null }[];
  readonly _mirror: { readonly hydrated: boolean; readonly parts_truncated: boolean };
}

const DRAWN = 200;
/** Share that stands in the first ten; five common words ("that time and would be") are in thousands of conversations. */
const MOST = 0.85;
const UNSPACED = new Set(['zh', 'ja', 'th']);

const readCorpus = async (dir: string): Promise<CorpusConversation[]> => {
  const files = (await readdir(dir)).filter((name) => /\.jsonl(\.gz)?$/.test(name)).sort();
  const out: CorpusConversation[] = [];
  for (const file of files) {
    const bytes = await readFile(join(dir, file));
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    out.push(
      ...text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as CorpusConversation),
    );
  }
  return out;
};

const bodyOf = (text: string): string =>
  `<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;').replaceAll('\n', '<br>')}</p>`;
/** Entities may be written in more than one way; their meaning counts. */
const meaning = (body: string): string =>
  body.replaceAll(/&#(?:39|x27);|&apos;/g, "'").replaceAll('&quot;', '"');

const generator = (seed: number) => () => {
  let t = (seed += 0x6d2b79f5);
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

/** Five neighbouring words of one message, or ten characters where the script has no spaces. */
const excerpt = (conversation: CorpusConversation, random: () => number): string | undefined => {
  const unspaced = UNSPACED.has(conversation.language.slice(0, 2));
  const candidates = conversation.turns
    .map((turn) => (unspaced ? [...turn.text] : turn.text.split(/\s+/).filter(Boolean)))
    .filter((units) => units.length >= (unspaced ? 10 : 5));
  const units = candidates[Math.floor(random() * candidates.length)];
  if (units === undefined) return undefined;
  const size = unspaced ? 10 : 5;
  const start = Math.floor(random() * (units.length - size + 1));
  return units
    .slice(start, start + size)
    .join(unspaced ? '' : ' ')
    .replaceAll('"', ' ');
};

const suite = (shared: string) => () => {
  const corpusDir = join(shared, 'corpus', 'dev');
  let sandbox: SandboxProcess;
  let corpus: CorpusConversation[];
  const exports = new Map<string, string>();
  const served = new Map<string, ServedClient>();
  const cleanups: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    corpus = await readCorpus(corpusDir);
    sandbox = await startSandboxProcess(['--corpus', corpusDir]);
    const dir = await createTempDir();
    const database = await createTestDatabase();
    cleanups.push(
      () => dir.remove(),
      () => database.drop(),
    );
    for (const [engine, url] of [
      ['sqlite', `sqlite:${join(dir.path, 'mirror.db')}`],
      ['postgres', database.url],
    ] as const) {
      const env = { ...sandbox.env, DATABASE_URL: url };
      const sync = await runCli(['sync', '--json'], { env, timeoutMs: 500_000 });
      expect(sync.code, sync.stderr.slice(-2_000)).toBe(0);
      const result = await runCli(['export', 'conversations', '--format', 'jsonl'], {
        env: { DATABASE_URL: url },
        timeoutMs: 300_000,
      });
      expect(result.code, result.stderr).toBe(0);
      exports.set(engine, withoutFetchTime(result.stdout));
      served.set(engine, await connectStdio(['--no-sync'], { DATABASE_URL: url }));
    }
  }, 900_000);
  afterAll(async () => {
    for (const client of served.values()) await client.close();
    for (const cleanup of cleanups) await cleanup();
    await sandbox?.stop();
  });

  it('exports every conversation and every message byte for byte', () => {
    const rows = (exports.get('sqlite') ?? '').split('\n').filter(Boolean);
    expect(rows).toHaveLength(corpus.length);
    const byCorpusId = new Map(
      rows
        .map((row) => JSON.parse(row) as ExportedConversation)
        .map((row) => [row.custom_attributes.corpus_id, row]),
    );
    for (const conversation of corpus) {
      const row = byCorpusId.get(conversation.id);
      expect(row?._mirror).toMatchObject({ hydrated: true, parts_truncated: false });
      const bodies = row?.parts.flatMap((part) => (part.body === null ? [] : [meaning(part.body)]));
      expect(bodies).toEqual(conversation.turns.map((turn) => meaning(bodyOf(turn.text))));
      expect(row?.parts[0]?.type).toBe('source');
    }
  });

  it('exports the same bytes from both engines', () => {
    expect(exports.get('postgres') === exports.get('sqlite')).toBe(true);
  });

  it('leaks neither topics nor labels', () => {
    const line = (exports.get('sqlite') ?? '').slice(0, 2_000_000);
    expect(line).not.toContain('"labels"');
    expect(line).not.toContain('"topic"');
  });

  const allIds = async (engine: string, query: string): Promise<string[]> => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await served.get(engine)?.call('search_conversations', {
        query,
        limit: 300,
        max_tokens: 25_000,
        ...(cursor ? { cursor } : {}),
      });
      expect(answer?.isError, `${query}: ${answer?.text.slice(0, 300)}`).toBe(false);
      const data = answer?.data as { results: { id: string }[]; pagination: { next_cursor?: string | null } };
      ids.push(...data.results.map((row) => row.id));
      cursor = data.pagination.next_cursor ?? undefined;
    } while (cursor !== undefined && ids.length < 20_000);
    return ids;
  };

  const firstIds = async (engine: string, query: string): Promise<string[]> => {
    const answer = await served.get(engine)?.call('search_conversations', {
      query,
      limit: 20,
      max_tokens: 25_000,
    });
    expect(answer?.isError, `${query}: ${answer?.text.slice(0, 300)}`).toBe(false);
    const data = answer?.data as { results: { id: string }[] } | undefined;
    return (data?.results ?? []).map((row) => row.id);
  };

  it(`finds ${DRAWN} of ${DRAWN} conversations by a phrase of one message, most in the first ten by its words, alike on both engines`, {
    timeout: 600_000,
  }, async () => {
    const random = generator(2_026);
    const idOf = new Map(
      (exports.get('sqlite') ?? '')
        .split('\n')
        .filter(Boolean)
        .map((row) => JSON.parse(row) as ExportedConversation)
        .map((row) => [row.custom_attributes.corpus_id, row.id]),
    );
    let first = 0;
    for (let drawn = 0; drawn < DRAWN; ) {
      const conversation = corpus[Math.floor(random() * corpus.length)];
      const words = conversation && excerpt(conversation, random);
      if (conversation === undefined || words === undefined || !/[\p{L}\p{N}]/u.test(words)) continue;
      drawn += 1;
      const phrase = `"${words}"`;
      const asked = [
        [await allIds('sqlite', phrase), await allIds('postgres', phrase)],
        [await firstIds('sqlite', words), await firstIds('postgres', words)],
      ] as const;
      for (const [sqlite, postgres] of asked) {
        expect(new Set(sqlite).size, `${words}: a row came twice`).toBe(sqlite.length);
        expect(postgres, words).toEqual(sqlite);
      }
      const id = idOf.get(conversation.id) ?? '';
      expect(asked[0][0], `${conversation.id}: ${phrase}`).toContain(id);
      if (asked[1][0].slice(0, 10).includes(id)) first += 1;
    }
    expect(first).toBeGreaterThanOrEqual(MOST * DRAWN);
  });
};

describeWithShared('the corpus', (shared) => {
  describeWithPostgres('mirrored and searched', suite(shared));
});
