import { METRIC_NAMES } from '../../src/data/analytics/metrics.ts';
import { DIMENSIONS } from '../../src/query/analytics-parameters.ts';
import type { AnalyzeInput } from '../../src/query/analytics-types.ts';
import type { SearchInput } from '../../src/query/types.ts';
import type { LoadedMirror } from './load-mirror.ts';

/** Numbers from 0 to 1, the same for the same seed (mulberry32, public domain). */
const randomOf = (seed: number) => () => {
  let t = (seed += 0x6d2b79f5);
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

export interface SearchKind {
  readonly kind: string;
  readonly questions: readonly SearchInput[];
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}{2,}/gu) ?? [];

/** Words of the samples, the commonest first. */
const byFrequency = (samples: LoadedMirror['samples']): string[] => {
  const counts = new Map<string, number>();
  for (const { text } of samples)
    for (const word of new Set(wordsOf(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([word]) => word);
};

/**
 * The mix: by how many conversations have the words. Commonest: of the forty that stand in most messages; medium: of those
 * behind them up to place 600; rare: all others. No question comes twice.
 */
export const searchMix = (samples: LoadedMirror['samples'], each: number): readonly SearchKind[] => {
  const random = randomOf(3);
  const words = byFrequency(samples);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const bands = { commonest: words.slice(0, 40), medium: words.slice(40, 600), rare: words.slice(600) };
  const phrase = (): string => {
    for (;;) {
      const own = wordsOf(pick(samples).text);
      const at = Math.floor(random() * (own.length - 1));
      if (own.length > 2) return `"${own[at]} ${own[at + 1]}"`;
    }
  };
  const sentence = (): string => wordsOf(pick(samples).text).slice(0, 8).join(' ');
  const distinct = (make: () => SearchInput): SearchInput[] => {
    const found = new Map<string, SearchInput>();
    for (let tries = 0; found.size < each && tries < each * 50; tries += 1) {
      const input = make();
      found.set(JSON.stringify(input), input);
    }
    return [...found.values()];
  };
  const kind = (name: string, make: () => SearchInput): SearchKind => ({
    kind: name,
    questions: distinct(make),
  });
  return [
    kind('a rare word', () => ({ query: pick(bands.rare) })),
    kind('a medium word', () => ({ query: pick(bands.medium) })),
    kind('a commonest word', () => ({ query: pick(bands.commonest) })),
    kind('two commonest words', () => ({ query: `${pick(bands.commonest)} ${pick(bands.commonest)}` })),
    kind('common and rare', () => ({ query: `${pick(bands.commonest)} ${pick(bands.rare)}` })),
    kind('a phrase', () => ({ query: phrase() })),
    kind('a sentence of eight words', () => ({ query: sentence() })),
    kind('OR of medium words', () => ({ query: `${pick(bands.medium)} OR ${pick(bands.medium)}` })),
    kind('a medium word and a filter', () => ({ query: pick(bands.medium), state: 'open', csat: '<=3' })),
    kind('a commonest word in a month', () => ({
      query: pick(bands.commonest),
      timeframe: `2026-0${1 + Math.floor(random() * 9)}`,
    })),
    kind('a commonest word, newest first', () => ({ query: pick(bands.commonest), sort: 'newest' })),
    kind('filters alone', () => ({
      query: `state:${pick(['open', 'closed', 'snoozed'])} reopened:>=${Math.floor(random() * 5)} csat:${1 + Math.floor(random() * 5)}`,
    })),
  ];
};

/** Every metric by two random dimensions, half of them over words. */
export const analyses = (
  samples: LoadedMirror['samples'],
  count: number,
  withText: boolean,
): AnalyzeInput[] => {
  const random = randomOf(5);
  const words = byFrequency(samples).slice(0, 300);
  const dimensions = Object.keys(DIMENSIONS).filter((name) => name !== 'hour' && name !== 'weekday');
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: count }, (_, index) => {
    const metric = METRIC_NAMES[index % METRIC_NAMES.length] ?? 'created';
    const first = pick(['day', 'week', 'month']);
    const second = pick(dimensions.filter((name) => !['day', 'week', 'month'].includes(name)));
    return {
      metrics: [metric],
      group_by: [first, second],
      query: `${withText ? `${pick(words)} ` : ''}${pick(['', 'state:closed', '-channel:email', 'has:tag'])}`,
      timeframe: pick(['last year', 'this year', '2026-Q2', '2026-03', '2025-Q4']),
      limit: 100,
    };
  });
};
