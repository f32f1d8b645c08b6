import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createQueryService } from '../../src/query/create-query-service.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { loadMirror } from './load-mirror.ts';
import { analyses, searchMix } from './questions.ts';

/** Times of one kind of question, in milliseconds. */
export interface AnswerRow {
  readonly measure: string;
  readonly questions: number;
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
}

export interface AnswerMeasures {
  readonly conversations: number;
  readonly loadPerSecond: number;
  readonly rows: readonly AnswerRow[];
}

const EACH = 60;
const THREADS = 200;
const LONG_THREAD = 20;

const rowOf = (measure: string, times: readonly number[]): AnswerRow => {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { measure, questions: times.length, p50: at(0.5), p95: at(0.95), worst: sorted.at(-1) ?? 0 };
};

const timed = async <T>(
  questions: readonly T[],
  ask: (question: T) => Promise<unknown>,
): Promise<number[]> => {
  const times: number[] = [];
  for (const question of questions) {
    const began = performance.now();
    await ask(question);
    times.push(performance.now() - began);
  }
  return times;
};

/**
 * How long answers take inside the process, one after the other, each question once. The first of each kind are asked
 * before, with other words, so that the code is warm and the answers are not.
 */
export const measureAnswers = async (
  conversations: number,
  corpus: string | undefined,
  databaseUrl: string | undefined,
): Promise<AnswerMeasures> => {
  const folder = mkdtempSync(join(tmpdir(), 'fast-intercom-bench-'));
  try {
    const mirror = await loadMirror(
      databaseUrl ?? `sqlite:${join(folder, 'mirror.db')}`,
      conversations,
      corpus,
    );
    const service = createQueryService({ reader: mirror.store, logger: silentLogger });
    const rows: AnswerRow[] = [];
    const all: number[] = [];
    for (const { kind, questions } of searchMix(mirror.samples, EACH + 5)) {
      await timed(questions.slice(0, 5), (question) => service.searchConversations(question));
      const times = await timed(questions.slice(5), (question) => service.searchConversations(question));
      all.push(...times);
      rows.push(rowOf(`search: ${kind}`, times));
    }
    rows.push(rowOf('search: all of these', all));
    const long = mirror.samples.toSorted((a, b) => b.parts - a.parts).slice(0, LONG_THREAD * 5);
    const ids = [...mirror.samples.slice(0, THREADS), ...long];
    rows.push(rowOf('thread', await timed(ids, ({ id }) => service.getConversation({ id }))));
    for (const withText of [false, true]) {
      const asked = analyses(mirror.samples, EACH * 2 + 5, withText);
      await timed(asked.slice(0, 5), (question) => service.analyzeConversations(question));
      const name = withText
        ? 'analytics: a metric by two dimensions, with words'
        : 'analytics: a metric by two dimensions';
      rows.push(
        rowOf(name, await timed(asked.slice(5), (question) => service.analyzeConversations(question))),
      );
    }
    await mirror.store.close();
    return { conversations, loadPerSecond: Math.round(conversations / (mirror.loadMs / 1000)), rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
