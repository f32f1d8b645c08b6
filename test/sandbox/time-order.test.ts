import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVERYTHING, intersect, type Spans, spanOf, unite } from '../../src/sandbox/live/spans.ts';
import { createTimeOrder, type Place } from '../../src/sandbox/live/time-order.ts';

const RUNS = { numRuns: 300, seed: 20_261_124 };

const times = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 30 });
/** A rank (of the world, or added) and its new time; undefined takes it out. */
const moves = fc.array(
  fc.tuple(fc.nat({ max: 40 }), fc.option(fc.integer({ min: -3, max: 15 }), { nil: undefined })),
  { maxLength: 30 },
);
const spans = fc
  .tuple(fc.integer({ min: -4, max: 16 }), fc.integer({ min: -4, max: 16 }))
  .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);

/** The same, the slow way. */
const modelOf = (
  base: readonly number[],
  changes: readonly (readonly [number, number | undefined])[],
): Place[] => {
  const all = new Map<number, number | undefined>(base.map((time, rank) => [rank, time]));
  for (const [rank, time] of changes) all.set(rank, time);
  return [...all]
    .flatMap(([rank, time]) => (time === undefined ? [] : [{ rank, time }]))
    .sort((a, b) => a.time - b.time || a.rank - b.rank);
};

describe('an order by time', () => {
  const orderOf = (base: readonly number[], changes: readonly (readonly [number, number | undefined])[]) => {
    const order = createTimeOrder(Int32Array.from(base));
    for (const [rank, time] of changes) order.place(rank, time);
    return order;
  };

  test('counts and walks as a sorted list does, both ways, after any changes', () => {
    fc.assert(
      fc.property(times, moves, spans, (base, changes, [low, high]) => {
        const order = orderOf(base, changes);
        const model = modelOf(base, changes).filter(({ time }) => time >= low && time <= high);
        const ranks = model.map(({ rank }) => rank);
        expect(order.count({ low, high })).toBe(model.length);
        expect([...order.walk({ low, high, ascending: true })]).toEqual(ranks);
        expect([...order.walk({ low, high, ascending: false })]).toEqual(ranks.toReversed());
        for (const { rank, time } of model) expect(order.timeOf(rank)).toBe(time);
      }),
      RUNS,
    );
  });

  test('goes on behind any place, also where nothing stands', () => {
    const places = fc.record({ time: fc.integer({ min: -4, max: 16 }), rank: fc.nat({ max: 45 }) });
    fc.assert(
      fc.property(times, moves, places, fc.boolean(), (base, changes, after, ascending) => {
        const order = orderOf(base, changes);
        const behind = ({ time, rank }: Place): boolean =>
          ascending
            ? time > after.time || (time === after.time && rank > after.rank)
            : time < after.time || (time === after.time && rank < after.rank);
        const model = modelOf(base, changes)
          .filter(behind)
          .map(({ rank }) => rank);
        const walked = [...order.walk({ low: -10, high: 20, ascending, after })];
        expect(walked).toEqual(ascending ? model : model.toReversed());
      }),
      RUNS,
    );
  });

  test('does not know what was taken out', () => {
    const order = orderOf([5, 6, 7], [[1, undefined]]);
    expect([0, 1, 2].map((rank) => order.timeOf(rank))).toEqual([5, undefined, 7]);
    order.place(1, 9);
    expect([...order.walk({ low: 0, high: 10, ascending: true })]).toEqual([0, 2, 1]);
  });
});

describe('spans', () => {
  const range = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }));
  const many = fc
    .array(range, { maxLength: 4 })
    .map((pairs) => pairs.reduce<Spans>((all, [low, high]) => unite(all, spanOf(low, high)), []));
  const numbers = (some: Spans): number[] =>
    Array.from({ length: 21 }, (_, number) => number).filter((number) =>
      some.some(({ low, high }) => number >= low && number <= high),
    );

  test('unite and intersect as sets of numbers do, and stay sorted and apart', () => {
    fc.assert(
      fc.property(many, many, (a, b) => {
        const [both, either] = [intersect(a, b), unite(a, b)];
        expect(numbers(both)).toEqual(numbers(a).filter((number) => numbers(b).includes(number)));
        expect(new Set(numbers(either))).toEqual(new Set([...numbers(a), ...numbers(b)]));
        for (const result of [both, either])
          for (const [index, span] of result.entries())
            expect(span.low).toBeGreaterThan(result[index - 1]?.high ?? Number.NEGATIVE_INFINITY);
      }),
      RUNS,
    );
  });

  test('everything changes nothing in a cut', () => {
    expect(intersect(EVERYTHING, spanOf(3, 4))).toEqual([{ low: 3, high: 4 }]);
    expect(spanOf(4, 3)).toEqual([]);
  });
});
