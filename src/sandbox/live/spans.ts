/** Whole numbers from `low` to `high`, both included; infinite bounds are allowed. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

/** Sorted, without overlap. */
export type Spans = readonly Span[];

export const EVERYTHING: Spans = [{ low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }];
export const NOTHING: Spans = [];

export const spanOf = (low: number, high: number): Spans => (low <= high ? [{ low, high }] : NOTHING);

export const intersect = (left: Spans, right: Spans): Spans =>
  left.flatMap((a) => right.flatMap((b) => spanOf(Math.max(a.low, b.low), Math.min(a.high, b.high))));

export const unite = (left: Spans, right: Spans): Spans => {
  const merged: Span[] = [];
  for (const span of [...left, ...right].sort((a, b) => a.low - b.low)) {
    const before = merged.at(-1);
    if (before !== undefined && span.low <= before.high + 1)
      merged[merged.length - 1] = { low: before.low, high: Math.max(before.high, span.high) };
    else merged.push(span);
  }
  return merged;
};
