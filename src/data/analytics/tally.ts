import { AppError } from '../../errors/app-error.ts';
import { Cell, type MetricValue } from './cell.ts';
import { type MetricName, METRICS } from './metrics.ts';
import { eachGroup, type Groups, type SegmentGroups } from './dimensions.ts';

/** Cells of one answer at most: they are held in memory. */
const MAX_GROUPS = 100_000;
/** Places of a group of each of two dimensions, as one number. */
const SECOND = 0x400_0000;

type Row = readonly Cell[];

/** The cells of all groups. */
export class Tally {
  readonly #metrics: readonly MetricName[];
  readonly #rows = new Map<number, Row>();
  readonly total: Row;

  constructor(metrics: readonly MetricName[]) {
    this.#metrics = metrics;
    this.total = this.#newRow();
  }

  #newRow(): Row {
    return this.#metrics.map((name) => new Cell(METRICS[name]));
  }

  /** The cells of a group; `second` 0 where there is one dimension only. */
  row(first: number, second: number): Row {
    const key = first * SECOND + second;
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    if (this.#rows.size >= MAX_GROUPS)
      throw new AppError(
        'ARGUMENT_INVALID',
        `There are more than ${MAX_GROUPS} groups; group by less, or filter.`,
      );
    const made = this.#newRow();
    this.#rows.set(key, made);
    return made;
  }

  /** Calls `each` for the cells of every group of a document, those of the whole first. */
  eachRow(groups: readonly SegmentGroups[], ordinal: number, each: (row: Row) => void): void {
    each(this.total);
    const [first, second] = groups;
    if (first === undefined) return;
    eachGroup(first, ordinal, (one) => {
      if (second === undefined) each(this.row(one, 0));
      else eachGroup(second, ordinal, (two) => each(this.row(one, two)));
    });
  }

  /** Every group's values, with the group's value in each dimension. */
  *rows(dimensions: readonly Groups[]): Generator<{
    readonly keys: readonly (string | number)[];
    readonly values: readonly MetricValue[];
  }> {
    for (const [key, row] of this.#rows) {
      const places = [Math.floor(key / SECOND), key % SECOND];
      yield {
        keys: dimensions.map(({ values }, index) => values[places[index] ?? 0] ?? ''),
        values: row.map((cell) => cell.value()),
      };
    }
  }
}
