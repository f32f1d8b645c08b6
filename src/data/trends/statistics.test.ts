import { describe, expect, it } from 'vitest';
import { changeOf, chiSquaredTail, correctionFor, dispersionOf, onsetOf } from './statistics.ts';

/** Fisher's exact test, one side: the probability of as many or more in the window. */
const fisher = (window: number, windowAll: number, baseline: number, baselineAll: number): number => {
  const lnChoose = (n: number, k: number): number => {
    let sum = 0;
    for (let index = 1; index <= k; index += 1) sum += Math.log((n - k + index) / index);
    return sum;
  };
  const having = window + baseline;
  let sum = 0;
  for (let count = window; count <= Math.min(having, windowAll); count += 1)
    sum += Math.exp(
      lnChoose(windowAll, count) +
        lnChoose(baselineAll, having - count) -
        lnChoose(windowAll + baselineAll, having),
    );
  return sum;
};

describe('the probability of a chi-squared value with one degree of freedom', () => {
  it.each([
    [0, 1],
    [3.841_458_8, 0.05],
    [6.634_896_6, 0.01],
    [10.827_566, 0.001],
    [23.928_127, 1e-6],
    [66.15, 4.18e-16],
  ])('of %f is %f', (value, expected) => {
    expect(Math.abs(chiSquaredTail(value) / expected - 1)).toBeLessThan(0.01);
  });
});

describe('a change of a share', () => {
  it.each([
    [6, 10, 0, 10],
    [24, 34, 0, 40],
    [9, 37, 0, 96],
    [20, 1_000, 30, 4_000],
    [12, 43, 1, 48],
    [300, 500, 900, 2_000],
    [40, 2_000, 60, 8_000],
  ])('of %i of %i against %i of %i is about as probable as Fisher’s exact test has it', (a, m, b, n) => {
    const { g2, rose } = changeOf([{ window: a, windowAll: m, baseline: b, baselineAll: n }]);
    const exact = 2 * fisher(a, m, b, n);
    expect(rose).toBe(true);
    // In powers of ten: within a quarter of the exact one’s, and never bolder than half a power.
    const [ours, theirs] = [Math.log10(chiSquaredTail(g2)), Math.log10(exact)];
    expect(ours).toBeGreaterThan(1.25 * theirs - 0.5);
    expect(ours).toBeLessThan(0.75 * theirs + 0.1);
  });

  it('is none where shares are equal, or a side is empty', () => {
    expect(changeOf([{ window: 5, windowAll: 50, baseline: 20, baselineAll: 200 }]).g2).toBe(0);
    expect(changeOf([{ window: 5, windowAll: 50, baseline: 0, baselineAll: 0 }]).g2).toBe(0);
    expect(changeOf([])).toMatchObject({ g2: 0 });
  });

  it('is none of the sizes of strata: what an incident crowds out did not fall', () => {
    const incident = { window: 0, windowAll: 60, baseline: 0, baselineAll: 0 };
    const others = { window: 20, windowAll: 40, baseline: 200, baselineAll: 400 };
    const together = { window: 20, windowAll: 100, baseline: 200, baselineAll: 400 };
    expect(chiSquaredTail(changeOf([together]).g2)).toBeLessThan(1e-4);
    expect(changeOf([incident, others])).toMatchObject({ g2: 0, ratio: 1 });
  });

  it('has the ratio of shares', () => {
    const { ratio } = changeOf([{ window: 30, windowAll: 100, baseline: 40, baselineAll: 400 }]);
    expect(ratio).toBeCloseTo(3, 10);
    const fell = changeOf([{ window: 0, windowAll: 100, baseline: 40, baselineAll: 400 }]);
    expect(fell).toMatchObject({ rose: false, ratio: 0 });
  });
});

describe('the correction for many comparisons', () => {
  const sides = { windowAll: 100, baselineAll: 400, level: 0.05 };

  it('counts the terms that could be told from chance', () => {
    expect(correctionFor(new Map([[40, 300]]), sides)).toBe(300);
    // Of a conversation or two nothing can be told: they cost the others nothing.
    expect(
      correctionFor(
        new Map([
          [40, 300],
          [1, 5_000],
        ]),
        sides,
      ),
    ).toBe(300);
    expect(correctionFor(new Map([[1, 5_000]]), sides)).toBeLessThan(5);
    expect(correctionFor(new Map(), sides)).toBe(1);
    expect(
      correctionFor(
        new Map([
          [40, 10],
          [50, 20],
        ]),
        sides,
      ),
    ).toBe(30);
  });
});

describe('overdispersion', () => {
  it('is one for equal spans, and more for a burst', () => {
    const span = (having: number) => ({ all: 100, having });
    expect(dispersionOf([10, 10, 10, 10].map(span))).toBe(1);
    expect(dispersionOf([40, 0, 0, 0].map(span))).toBeCloseTo(1_200 / 9 / 3, 10);
    expect(dispersionOf([])).toBe(1);
    // The evening before an incident that the window begins with.
    expect(dispersionOf([0, 0, 0, 1].map(span))).toBe(1);
    expect(
      dispersionOf([
        { all: 40, having: 0 },
        { all: 1, having: 1 },
      ]),
    ).toBeLessThan(2);
    expect(dispersionOf([{ all: 0, having: 0 }, span(0)])).toBe(1);
  });
});

describe('the first day of a change', () => {
  const days = (having: readonly number[], all = 10) => having.map((count) => ({ all, having: count }));

  it('is that of the run that differs most', () => {
    const counts = [1, 0, 1, 0, 1, 0, 1, 0, 6, 7, 5];
    expect(onsetOf(days(counts), { rose: true, windowFrom: 7, earliest: 0 })).toBe(8);
    const burst = [0, 0, 0, 0, 0, 0, 6, 7, 5, 0, 0, 0];
    expect(onsetOf(days(burst), { rose: true, windowFrom: 4, earliest: 0 })).toBe(6);
    const before = [0, 0, 0, 5, 6, 5, 6];
    expect(onsetOf(days(before), { rose: true, windowFrom: 5, earliest: 0 })).toBe(3);
    const fell = [5, 5, 6, 5, 5, 0, 0, 0];
    expect(onsetOf(days(fell), { rose: false, windowFrom: 4, earliest: 0 })).toBe(5);
  });

  it('is no day without conversations', () => {
    const counted = [
      { all: 10, having: 0 },
      { all: 0, having: 0 },
      { all: 10, having: 9 },
    ];
    expect(onsetOf(counted, { rose: true, windowFrom: 1, earliest: 0 })).toBe(2);
  });
});
