import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planWindows } from './plan-windows.ts';

const plan = async (times: readonly number[], windows: number) => {
  const sorted = [...times].sort((a, b) => a - b);
  const lower = sorted[0] ?? 0;
  const upper = (sorted.at(-1) ?? 0) + 10;
  let requests = 0;
  const count = async (span: { lower: number; upper: number }) => {
    requests += 1;
    return sorted.filter((time) => time >= span.lower && time <= span.upper).length;
  };
  const spans = await planWindows({ lower, upper, total: sorted.length, windows, count });
  return { spans, lower, upper, requests, sorted };
};

it('covers the span without gap or overlap, whatever the times', async () => {
  const times = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(times, fc.integer({ min: 1, max: 9 }), async (list, windows) => {
      const { spans, lower, upper } = await plan(list, windows);
      expect(spans[0]?.lower).toBe(lower);
      expect(spans.at(-1)?.upper).toBe(upper);
      for (const [index, span] of spans.entries()) {
        expect(span.lower).toBeLessThanOrEqual(span.upper);
        if (index > 0) expect(span.lower).toBe((spans[index - 1]?.upper ?? 0) + 1);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

it('makes windows of about equal count from few requests, also when the growth is steep', async () => {
  const times = Array.from(
    { length: 10_000 },
    (_, index) => 1_600_000_000 + Math.floor(63_000_000 * (index / 10_000) ** 0.4),
  );
  const { spans, requests, sorted } = await plan(times, 8);
  const sizes = spans.map((span) => sorted.filter((time) => time >= span.lower && time <= span.upper).length);
  expect(sizes).toHaveLength(8);
  expect(Math.max(...sizes)).toBeLessThan(1.6 * 1_250);
  expect(requests).toBeLessThanOrEqual(7 * 5);
});
