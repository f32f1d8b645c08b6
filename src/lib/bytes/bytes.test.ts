import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addBit,
  countBits,
  eachBit,
  emptyBits,
  fullBits,
  hasBit,
  intersect,
  keepRange,
  subtract,
  unite,
} from './bitset.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

describe('bytes', () => {
  test('whole numbers and texts come back, whatever stands between them', () => {
    const item = fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const writer = new ByteWriter();
        for (const each of items) {
          if (typeof each === 'number') writer.varint(each);
          else writer.text(each);
        }
        const reader = new ByteReader(writer.take());
        for (const each of items)
          expect(typeof each === 'number' ? reader.varint() : reader.text()).toBe(each);
        expect(reader.done).toBe(true);
      }),
      { seed: 1 },
    );
  });

  test('a cleared writer begins anew and what was taken stays', () => {
    const writer = new ByteWriter();
    writer.bytes(new Uint8Array(1_000).fill(7));
    const taken = writer.take();
    writer.clear();
    writer.byte(1);
    expect([...writer.take()]).toEqual([1]);
    expect(taken).toEqual(new Uint8Array(1_000).fill(7));
  });

  test('small numbers take one byte, the largest eight', () => {
    const lengthOf = (value: number): number => {
      const writer = new ByteWriter();
      writer.varint(value);
      return writer.length;
    };
    expect([0, 127, 128, 16_383, 16_384, Number.MAX_SAFE_INTEGER].map(lengthOf)).toEqual([1, 1, 2, 2, 3, 8]);
  });
});

describe('bitset', () => {
  const SIZE = 131;
  const members = fc.uniqueArray(fc.nat(SIZE - 1));
  const toBits = (values: readonly number[]) => {
    const bits = emptyBits(SIZE);
    for (const value of values) addBit(bits, value);
    return bits;
  };
  const toSet = (bits: ReturnType<typeof emptyBits>): number[] => {
    const found: number[] = [];
    eachBit(bits, (value) => found.push(value));
    return found;
  };
  const ascending = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);

  test('agrees with sets', () => {
    fc.assert(
      fc.property(members, members, fc.nat(SIZE), fc.nat(SIZE), (a, b, from, until) => {
        const [one, other] = [new Set(a), new Set(b)];
        const after = (change: (bits: ReturnType<typeof emptyBits>) => void): number[] => {
          const bits = toBits(a);
          change(bits);
          expect(countBits(bits)).toBe(toSet(bits).length);
          return toSet(bits);
        };
        expect(after(() => undefined)).toEqual(ascending(one));
        expect(after((bits) => intersect(bits, toBits(b)))).toEqual(
          ascending(a.filter((value) => other.has(value))),
        );
        expect(after((bits) => unite(bits, toBits(b)))).toEqual(ascending(new Set([...a, ...b])));
        expect(after((bits) => subtract(bits, toBits(b)))).toEqual(
          ascending(a.filter((value) => !other.has(value))),
        );
        expect(after((bits) => keepRange(bits, from, until))).toEqual(
          ascending(a.filter((value) => value >= from && value < until)),
        );
        for (let value = 0; value < SIZE; value += 1) expect(hasBit(toBits(a), value)).toBe(one.has(value));
      }),
      { seed: 2 },
    );
  });

  test.each([0, 1, 31, 32, 33, 64, 131])('a full set of %i has that many', (size) => {
    expect(countBits(fullBits(size))).toBe(size);
    expect(toSet(fullBits(size))).toEqual(Array.from({ length: size }, (_, value) => value));
  });
});
