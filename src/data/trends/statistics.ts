/** Conversations of one stratum: all of them, and those that have the term, in the window and in the baseline. */
export interface Stratum {
  readonly windowAll: number;
  readonly baselineAll: number;
  readonly window: number;
  readonly baseline: number;
}

export interface Change {
  /** Log-likelihood ratio, corrected for the variance of shares; 0 where nothing can be compared. */
  readonly g2: number;
  /** More in the window than expected. */
  readonly rose: boolean;
  /** Share in the window ÷ share in the baseline over all strata (Mantel and Haenszel 1959); infinite where there was none. */
  readonly ratio: number;
}

/** x ln(x ÷ expected), 0 for none. */
const part = (observed: number, expected: number): number =>
  observed <= 0 ? 0 : observed * Math.log(observed / expected);

const HALF = 0.5;
/** Shares near to one vary less than the correction can carry. */
const LEAST_VARIANCE = 0.05;

/**
 * How far the number of conversations in the window is from what the baseline lets expect: the log-likelihood ratio G²
 * (Dunning 1993) of the part of a term's conversations that lies in the window. What is expected is summed over the strata, so that
 * a change of their sizes changes nothing (Mantel and Haenszel 1959). One degree of freedom.
 */
export const changeOf = (strata: readonly Stratum[]): Change => {
  let observed = 0;
  let expected = 0;
  let all = 0;
  let variance = 0;
  let above = 0;
  let below = 0;
  for (const { baseline, baselineAll, window, windowAll } of strata) {
    const size = windowAll + baselineAll;
    const having = window + baseline;
    if (windowAll === 0 || baselineAll === 0 || having === 0) continue;
    observed += window;
    all += having;
    expected += (having * windowAll) / size;
    if (size > 1)
      variance += (having * (size - having) * windowAll * baselineAll) / (size * size * (size - 1));
    above += (window * baselineAll) / size;
    below += (baseline * windowAll) / size;
  }
  const ratio = below === 0 ? (above === 0 ? 1 : Number.POSITIVE_INFINITY) : above / below;
  if (all === 0 || variance === 0) return { g2: 0, rose: ratio > 1, ratio };
  const binomial = expected * (1 - expected / all);
  const rose = observed > expected;
  // Counts are whole: half a conversation less, as an exact test of few would have it (Yates 1934).
  const seen = rose ? Math.max(expected, observed - HALF) : Math.min(expected, observed + HALF);
  const g2 = 2 * (part(seen, expected) + part(all - seen, all - expected));
  return {
    g2: Math.max(0, g2) / Math.max(LEAST_VARIANCE, Math.min(1, variance / binomial)),
    rose,
    ratio,
  };
};

/** Chebyshev coefficients of the complementary error function ("Numerical Recipes", third edition, 6.2.2). */
const ERFC = [
  -1.265_512_23, 1.000_023_68, 0.374_091_96, 0.096_784_18, -0.186_288_06, 0.278_868_07, -1.135_203_98,
  1.488_515_87, -0.822_152_23, 0.170_872_77,
];

/** The probability of a value of the chi-squared distribution with one degree of freedom that is at least as large. */
export const chiSquaredTail = (value: number): number => {
  if (!(value > 0)) return 1;
  const z = Math.sqrt(value / 2);
  const t = 1 / (1 + 0.5 * z);
  let sum = 0;
  for (let index = ERFC.length - 1; index >= 0; index -= 1) sum = (ERFC[index] ?? 0) + t * sum;
  return Math.min(1, t * Math.exp(-z * z + sum));
};

/** The smallest probability that a term of so many conversations can have, wherever they lie. */
const leastProbability = (having: number, windowAll: number, baselineAll: number): number => {
  const window = Math.min(having, windowAll);
  const baseline = Math.min(having, baselineAll);
  const risen = changeOf([{ window, baseline: having - window, windowAll, baselineAll }]);
  const fallen = changeOf([{ window: having - baseline, baseline, windowAll, baselineAll }]);
  return chiSquaredTail(Math.max(risen.g2, fallen.g2));
};

/**
 * What probabilities are multiplied by so that chance puts nothing below `level`: how many terms there are that could get
 * there at all (Tarone 1990, after Bonferroni).
 * @param terms by conversations that have it: how many terms
 */
export const correctionFor = (
  terms: ReadonlyMap<number, number>,
  {
    baselineAll,
    level,
    windowAll,
  }: { readonly windowAll: number; readonly baselineAll: number; readonly level: number },
): number => {
  const least = [...terms].map(([having, count]) => ({
    count,
    probability: leastProbability(having, windowAll, baselineAll),
  }));
  const reaching = (factor: number): number =>
    least.reduce((sum, { count, probability }) => sum + (probability * factor <= level ? count : 0), 0);
  let low = 1;
  let high = Math.max(
    1,
    least.reduce((sum, { count }) => sum + count, 0),
  );
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (reaching(middle) <= middle) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** How much more the shares of equal spans differ from each other than chance makes them differ (Pearson's χ² ÷ degrees of freedom); at least 1. */
export const dispersionOf = (spans: readonly { readonly all: number; readonly having: number }[]): number => {
  const used = spans.filter(({ all }) => all > 0);
  const all = used.reduce((sum, span) => sum + span.all, 0);
  const having = used.reduce((sum, span) => sum + span.having, 0);
  const share = all === 0 ? 0 : having / all;
  if (used.length < 2 || share <= 0 || share >= 1) return 1;
  const chi = used.reduce((sum, span) => {
    const expected = span.all * share;
    // Of less than one, a single conversation would pass for a burst.
    return sum + (span.having - expected) ** 2 / (Math.max(1, expected) * (1 - share));
  }, 0);
  return Math.max(1, chi / (used.length - 1));
};

/** Conversations of a day. */
export interface DayCount {
  readonly all: number;
  readonly having: number;
}

/**
 * The day on which a change began: the first of the run of days that differs most from all others, by likelihood (the scan
 * statistic of Kulldorff 1997). The run ends in the window.
 * @param days baseline and window in order
 * @param windowFrom place of the window's first day
 * @param earliest place of the first day that a run may begin with
 */
export const onsetOf = (
  days: readonly DayCount[],
  {
    earliest,
    rose,
    windowFrom,
  }: { readonly earliest: number; readonly rose: boolean; readonly windowFrom: number },
): number => {
  const all = days.reduce((sum, day) => sum + day.all, 0);
  const having = days.reduce((sum, day) => sum + day.having, 0);
  let best = 0;
  let onset = windowFrom;
  for (let first = earliest; first < days.length; first += 1) {
    let inside = 0;
    let size = 0;
    for (let last = first; last < days.length; last += 1) {
      inside += days[last]?.having ?? 0;
      size += days[last]?.all ?? 0;
      if (last < windowFrom || size === 0 || size === all) continue;
      const expected = (having * size) / all;
      if (inside > expected !== rose) continue;
      const likelihood = part(inside, expected) + part(having - inside, having - expected);
      // Of equals the later one: days without conversations before it say nothing.
      if (likelihood >= best && likelihood > 0) {
        best = likelihood;
        onset = first;
      }
    }
  }
  return onset;
};
