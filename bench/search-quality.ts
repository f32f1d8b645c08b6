import { readdirSync, readFileSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createQueryService } from '../src/query/create-query-service.ts';
import type { QueryService } from '../src/query/query-service.ts';
import { openStore } from '../src/storage/open-store.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { beginSync, type ConversationSpec, hydrate, threadOf } from '../test/contract/builders.ts';

/**
 * How well search finds, on real text and its judgments: queries as typed, scored as the corpus's README says. Beside each
 * figure stands that of the better of two stock engines (`baseline.json`).
 */

interface Turn {
  readonly role: 'customer' | 'agent';
  readonly text: string;
}
interface CorpusConversation {
  readonly id: string;
  readonly source: string;
  readonly turns: readonly Turn[];
}
interface Query {
  readonly id: string;
  readonly query: string;
  readonly language: string;
  readonly kind: 'label' | 'known_item';
  readonly judged_sources?: readonly string[];
  readonly relevant_count: number;
  readonly relevant: readonly string[];
}
interface Scores {
  readonly ndcg10: number;
  readonly recall100: number;
  readonly rr: number;
}
type Baseline = Readonly<Record<string, { readonly mean: Readonly<Record<string, Scores>> }>>;

export interface QualityRow {
  readonly group: string;
  readonly queries: number;
  readonly ours: Scores;
  readonly best: Scores;
}

const BATCH = 150;
const PAGE = 100;

const readCorpus = (folder: string): CorpusConversation[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl.gz'))
    .sort()
    .flatMap((file) =>
      gunzipSync(readFileSync(join(folder, file)))
        .toString('utf8')
        .trim()
        .split('\n'),
    )
    .map((line) => JSON.parse(line) as CorpusConversation);

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>');

const specOf = ({ source, turns }: CorpusConversation, index: number): ConversationSpec => ({
  id: String(index + 1),
  created_at: 1_600_000_000 + index * 60,
  opening: `<p>${escapeHtml(turns[0]?.text ?? '')}</p>`,
  parts: turns.slice(1).map((turn, part) => ({
    id: `${index}-${part}`,
    body: `<p>${escapeHtml(turn.text)}</p>`,
    author: turn.role === 'customer' ? { type: 'user', id: 'c' } : { type: 'admin', id: 'a' },
  })),
  fields: { custom_attributes: { source } },
});

const scoresOf = (found: readonly string[], query: Query): Scores => {
  const relevant = new Set(query.relevant);
  const gain = (list: readonly boolean[]): number =>
    list.reduce((sum, isRelevant, index) => sum + (isRelevant ? 1 / Math.log2(index + 2) : 0), 0);
  const flags = found.map((id) => relevant.has(id));
  const ideal = gain(Array.from({ length: Math.min(10, query.relevant_count) }, () => true));
  const first = flags.indexOf(true);
  return {
    ndcg10: gain(flags.slice(0, 10)) / ideal,
    recall100: flags.slice(0, 100).filter(Boolean).length / Math.min(100, query.relevant_count),
    rr: first < 0 ? 0 : 1 / (first + 1),
  };
};

const mean = (list: readonly Scores[]): Scores => {
  const of = (name: keyof Scores): number =>
    list.reduce((sum, each) => sum + each[name], 0) / Math.max(1, list.length);
  return { ndcg10: of('ndcg10'), recall100: of('recall100'), rr: of('rr') };
};

const ask = async (
  service: QueryService,
  query: Query,
  corpus: readonly CorpusConversation[],
): Promise<string[]> => {
  const answer = await service.searchConversations({
    query: query.query,
    limit: PAGE,
    ...(query.judged_sources === undefined ? {} : { attributes: { source: query.judged_sources } }),
  });
  return answer.results.map(({ id }) => corpus[Number(id) - 1]?.id ?? '');
};

/** @param folder a corpus with `judgments.json` and `baseline.json` */
export const measureQuality = async (folder: string): Promise<readonly QualityRow[]> => {
  const corpus = readCorpus(folder);
  const { queries } = JSON.parse(readFileSync(join(folder, 'judgments.json'), 'utf8')) as {
    readonly queries: readonly Query[];
  };
  const baseline = JSON.parse(readFileSync(join(folder, 'baseline.json'), 'utf8')) as Baseline;
  const place = mkdtempSync(join(tmpdir(), 'fast-intercom-quality-'));
  try {
    const store = await openStore({
      url: `sqlite:${join(place, 'mirror.db')}`,
      mode: 'readWrite',
      logger: silentLogger,
    });
    const fence = await beginSync(store);
    for (let start = 0; start < corpus.length; start += BATCH)
      await hydrate(
        store,
        fence,
        corpus.slice(start, start + BATCH).map((each, index) => threadOf(specOf(each, start + index))),
      );
    const service = createQueryService({ reader: store, logger: silentLogger });
    const groups = new Map<string, Scores[]>();
    const put = (group: string, scores: Scores): void =>
      void groups.set(group, [...(groups.get(group) ?? []), scores]);
    for (const query of queries) {
      const scores = scoresOf(await ask(service, query, corpus), query);
      put(query.kind, scores);
      if (query.kind === 'label') put(`label/${query.language}`, scores);
    }
    await store.close();
    const bestOf = (group: string): Scores => {
      const all = Object.values(baseline).flatMap((engine) => engine.mean[group] ?? []);
      const best = (name: keyof Scores): number => Math.max(...all.map((each) => each[name]));
      return { ndcg10: best('ndcg10'), recall100: best('recall100'), rr: best('rr') };
    };
    return [...groups].map(([group, list]) => ({
      group,
      queries: list.length,
      ours: mean(list),
      best: bestOf(group),
    }));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
};
