import { UNKNOWN, type MetricDefinition, type Statistic } from './metrics.ts';

/** A metric of a group. Numbers are rounded to six decimals. */
export interface MetricValue {
  /** What the metric's statistic says; null where nothing has a value. */
  readonly value: number | null;
  /** Conversations that it is made of; of a share, of which it is a share. */
  readonly n: number;
  /** Conversations of the group without a value. */
  readonly excluded: number;
  readonly median?: number | null;
  readonly p90?: number | null;
  readonly mean?: number | null;
  readonly sum?: number;
  /** Of a share: conversations that have it. */
  readonly count?: number;
  /** Of a share: conversations of which it cannot be told. */
  readonly unknown?: number;
}

const DECIMALS = 1_000_000;
const rounded = (value: number): number => Math.round(value * DECIMALS) / DECIMALS;

/** The value at a share of an ascending list, between two of them by linear interpolation (as `numpy.percentile`). */
export const percentile = (sorted: Float64Array, share: number): number | null => {
  if (sorted.length === 0) return null;
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return rounded(below + (above - below) * (place - Math.floor(place)));
};

/** Gathers one metric of one group. */
export class Cell {
  #n = 0;
  #excluded = 0;
  #unknown = 0;
  #sum = 0;
  readonly #values: number[] = [];
  readonly #distinct = new Set<number>();
  readonly #statistic: Statistic;

  constructor({ statistic }: Pick<MetricDefinition, 'statistic'>) {
    this.#statistic = statistic;
  }

  /** A conversation's value, as `ValueOf` gives it. */
  add(value: number): void {
    if (Number.isNaN(value)) {
      this.#excluded += 1;
      return;
    }
    if (this.#statistic === 'share' && value === UNKNOWN) {
      this.#unknown += 1;
      return;
    }
    this.#n += 1;
    if (this.#statistic === 'count') return;
    this.#sum += value;
    if (this.#statistic !== 'share') this.#values.push(value);
  }

  /** A conversation's contacts; `add` counts the conversation. */
  addDistinct(key: number): void {
    this.#distinct.add(key);
  }

  /** Moves a count by what happened; for backlogs, which are sums of changes. */
  shift(by: number): void {
    this.#n += by;
  }

  value(): MetricValue {
    const [n, excluded] = [this.#n, this.#excluded];
    switch (this.#statistic) {
      case 'count':
        return { value: n, n, excluded };
      case 'distinct':
        return { value: this.#distinct.size, n, excluded };
      case 'share':
        return {
          value: n === 0 ? null : rounded(this.#sum / n),
          n,
          excluded,
          count: this.#sum,
          ...(this.#unknown > 0 ? { unknown: this.#unknown } : {}),
        };
      default:
        return this.#ofValues(this.#statistic);
    }
  }

  #ofValues(statistic: 'median' | 'sum' | 'mean'): MetricValue {
    const sorted = Float64Array.from(this.#values).sort();
    const mean = sorted.length === 0 ? null : rounded(this.#sum / sorted.length);
    const median = percentile(sorted, 0.5);
    const value = { median, mean, sum: sorted.length === 0 ? null : this.#sum }[statistic];
    return {
      value,
      n: this.#n,
      excluded: this.#excluded,
      median,
      p90: percentile(sorted, 0.9),
      mean,
      ...(statistic === 'sum' ? { sum: this.#sum } : {}),
    };
  }
}
