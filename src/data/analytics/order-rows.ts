import { type CalendarUnit, nextUnit } from '../../lib/zone-clock.ts';
import { Cell, type MetricValue } from './cell.ts';
import type { Dimension } from './dimensions.ts';
import { type MetricName, METRICS } from './metrics.ts';

export interface TalliedRow {
  /** Numbers of calendar units, or values. */
  readonly keys: readonly (string | number)[];
  readonly values: readonly MetricValue[];
}

/** Gaps are shown up to so many rows. */
const MAX_FILLED = 400;
/** The numbers of a unit that begins anew. */
const CYCLES: Readonly<Partial<Record<CalendarUnit, number>>> = { hour: 24, weekday: 7 };

const compareKeys = (a: string | number, b: string | number): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
};

/** A single calendar dimension has a row for every unit, also for those in which nothing happened. */
const filled = (
  rows: readonly TalliedRow[],
  unit: CalendarUnit,
  metrics: readonly MetricName[],
): readonly TalliedRow[] => {
  const known = new Map(rows.map((row) => [Number(row.keys[0]), row]));
  if (known.size === 0) return rows;
  const cycle = CYCLES[unit];
  const first = cycle === undefined ? Math.min(...known.keys()) : 0;
  const last = cycle === undefined ? Math.max(...known.keys()) : cycle - 1;
  const all: TalliedRow[] = [];
  for (let value = first; value <= last; value = nextUnit(value, unit)) {
    if (all.length > MAX_FILLED) return rows;
    all.push(
      known.get(value) ?? { keys: [value], values: metrics.map((name) => new Cell(METRICS[name]).value()) },
    );
  }
  return all;
};

/** Rows in the order of time where they are by time, then by the first metric, the largest first; of equals by key. */
export const orderRows = (
  rows: readonly TalliedRow[],
  {
    dimensions,
    metrics,
  }: { readonly dimensions: readonly Dimension[]; readonly metrics: readonly MetricName[] },
): readonly TalliedRow[] => {
  const timePlaces = dimensions.flatMap(({ by }, place) => (by === 'time' ? [place] : []));
  const [only] = dimensions;
  const all = dimensions.length === 1 && only?.by === 'time' ? filled(rows, only.unit, metrics) : rows;
  return [...all].sort((a, b) => {
    for (const place of timePlaces) {
      const order = compareKeys(a.keys[place] ?? 0, b.keys[place] ?? 0);
      if (order !== 0) return order;
    }
    const [one, two] = [
      a.values[0]?.value ?? Number.NEGATIVE_INFINITY,
      b.values[0]?.value ?? Number.NEGATIVE_INFINITY,
    ];
    if (one !== two) return two > one ? 1 : -1;
    for (let place = 0; place < dimensions.length; place += 1) {
      const order = compareKeys(a.keys[place] ?? 0, b.keys[place] ?? 0);
      if (order !== 0) return order;
    }
    return 0;
  });
};
