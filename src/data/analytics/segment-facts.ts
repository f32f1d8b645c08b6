import { type Bits, emptyBits } from '../../lib/bytes/bitset.ts';
import type { ContactColumn, MetricColumn } from '../search-index/metric-columns.ts';
import type { SearchTimeField } from '../search-index/types.ts';

/** What is known of the documents of one segment, by ordinal. */
export interface SegmentFacts {
  readonly size: number;
  /** `NO_VALUE` where there is none. */
  numbers(name: MetricColumn): Int32Array;
  /** Unix seconds; `NO_VALUE` for none. */
  times(field: SearchTimeField): Int32Array;
  /** Documents that have a filter term. */
  having(term: string): Bits;
  contacts(): ContactColumn;
}

/** Documents that have one of these terms. */
export const havingAny = (facts: SegmentFacts, terms: readonly string[]): Bits => {
  const any = emptyBits(facts.size);
  for (const term of terms) {
    const bits = facts.having(term);
    for (let word = 0; word < any.length; word += 1) any[word] = (any[word] ?? 0) | (bits[word] ?? 0);
  }
  return any;
};
