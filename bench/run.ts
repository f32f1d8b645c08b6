/**
 * The yardstick. Each measure stands beside its floor, taken in the same run.
 *
 *   npm run bench                    a full sync at 10,000 conversations and 10,000 calls a minute, and at 1,000 and 1,000
 *   npm run bench -- --quick         a small one, to see that it works
 *   npm run bench -- --corpus DIR    real text (see `sandbox --corpus`)
 *   npm run bench -- --postgres URL  the mirror in an empty PostgreSQL database
 *   npm run bench -- --quality --corpus DIR   how well search finds, beside two stock engines (a corpus with judgments)
 *   npm run bench -- --answers       how long answers take inside the process, at 100,000 conversations or --conversations N
 *   npm run bench -- --memory        200,000 conversations without latency: memory of the syncing process
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type AnswerMeasures, measureAnswers } from './answers/measure-answers.ts';
import { measureQuality, type QualityRow } from './search-quality.ts';
import { type SyncCase, measureSync, type SyncMeasure } from './sync-speed.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    memory: { type: 'boolean', default: false },
    quality: { type: 'boolean', default: false },
    answers: { type: 'boolean', default: false },
    conversations: { type: 'string', default: '100000' },
    corpus: { type: 'string' },
    postgres: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const casesOf = (): readonly SyncCase[] => {
  if (values.quick) return [{ conversations: 500, rateLimit: 10_000, latencyMs: 50 }];
  if (values.memory) return [{ conversations: 200_000, rateLimit: null, latencyMs: 0 }];
  return [
    { conversations: 10_000, rateLimit: 10_000, latencyMs: 300 },
    { conversations: 1_000, rateLimit: 1_000, latencyMs: 300 },
  ];
};

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const table = (rows: readonly SyncMeasure[]): string => {
  const head =
    '| conversations | calls a minute | requests | wall | floor | wall ÷ floor | metrics complete | share of the whole | 429 | peak RssAnon |';
  const line = head.replaceAll(/[^|]+/g, '---');
  return [
    head,
    line,
    ...rows.map((row) => {
      const floor = row.floorMs === null ? 'none' : seconds(row.floorMs);
      const ratio = row.floorMs === null ? '' : (row.wallMs / row.floorMs).toFixed(3);
      const metrics = row.metricsMs === null ? '?' : seconds(row.metricsMs);
      const share = row.metricsMs === null ? '?' : `${((100 * row.metricsMs) / row.wallMs).toFixed(1)} %`;
      return `| ${row.conversations.toLocaleString('en-US')} | ${row.rateLimit?.toLocaleString('en-US') ?? 'no limit'} | ${row.requests.toLocaleString('en-US')} | ${seconds(row.wallMs)} | ${floor} | ${ratio} | ${metrics} | ${share} | ${row.refused} | ${row.peakMb === null ? '?' : `${row.peakMb} MB`} |`;
    }),
  ].join('\n');
};

const figure = (value: number): string => value.toFixed(3);

const qualityTable = (rows: readonly QualityRow[]): string =>
  [
    '| queries | | nDCG@10 | stock | recall@100 | stock | reciprocal rank | stock |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map(
      ({ best, group, ours, queries }) =>
        `| ${group} | ${queries} | ${figure(ours.ndcg10)} | ${figure(best.ndcg10)} | ${figure(ours.recall100)} | ${figure(best.recall100)} | ${figure(ours.rr)} | ${figure(best.rr)} |`,
    ),
  ].join('\n');

const answersTable = ({ conversations, loadPerSecond, rows: measures }: AnswerMeasures): string =>
  [
    `${conversations.toLocaleString('en-US')} conversations, loaded at ${loadPerSecond.toLocaleString('en-US')} a second. Times in milliseconds, inside the process.`,
    '',
    '| measure | questions | p50 | p95 | worst |',
    '|---|---|---|---|---|',
    ...measures.map(
      ({ measure, p50, p95, questions, worst }) =>
        `| ${measure} | ${questions} | ${p50.toFixed(1)} | ${p95.toFixed(1)} | ${worst.toFixed(1)} |`,
    ),
  ].join('\n');

if (values.answers) {
  const measures = await measureAnswers(Number(values.conversations), values.corpus, values.postgres);
  process.stdout.write(`${values.json ? JSON.stringify(measures) : answersTable(measures)}\n`);
  process.exit(0);
}
if (values.quality) {
  if (values.corpus === undefined) throw new Error('--quality needs --corpus DIR');
  const quality = await measureQuality(values.corpus);
  process.stdout.write(`${values.json ? JSON.stringify(quality) : qualityTable(quality)}\n`);
  process.exit(0);
}

const rows: SyncMeasure[] = [];
for (const each of casesOf()) {
  process.stderr.write(`full sync: ${each.conversations} conversations …\n`);
  rows.push(
    await measureSync({
      ...each,
      ...(values.corpus === undefined ? {} : { corpus: values.corpus }),
      ...(values.postgres === undefined ? {} : { databaseUrl: values.postgres }),
    }),
  );
}
const [cpu] = cpus();
if (values.json) process.stdout.write(`${JSON.stringify({ rows }, null, 2)}\n`);
else
  process.stdout.write(
    `Full sync against the simulated Intercom. Node ${process.version}, ${cpus().length} × ${cpu?.model ?? 'unknown'}.\n` +
      `Floor: requests ÷ (limit × 0.9) + one window of ten seconds.\n\n${table(rows)}\n`,
  );
