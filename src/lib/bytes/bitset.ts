/** A set of whole numbers from 0 to some size, one bit each. */
export type Bits = Uint32Array<ArrayBuffer>;

/** An empty set with room for the numbers below `size`. */
export const emptyBits = (size: number): Bits => new Uint32Array((size + 31) >>> 5);

/** The set of all numbers below `size`. */
export const fullBits = (size: number): Bits => {
  const bits = emptyBits(size).fill(0xffff_ffff);
  const rest = size & 31;
  if (rest > 0) bits[bits.length - 1] = 0xffff_ffff >>> (32 - rest);
  return bits;
};

export const addBit = (bits: Bits, value: number): void => {
  bits[value >>> 5] = (bits[value >>> 5] ?? 0) | (1 << (value & 31));
};

export const hasBit = (bits: Bits, value: number): boolean =>
  ((bits[value >>> 5] ?? 0) & (1 << (value & 31))) !== 0;

/** Keeps in `bits` what is in `other`, too. */
export const intersect = (bits: Bits, other: Bits): void => {
  for (let word = 0; word < bits.length; word += 1) bits[word] = (bits[word] ?? 0) & (other[word] ?? 0);
};

/** Adds what is in `other`. */
export const unite = (bits: Bits, other: Bits): void => {
  for (let word = 0; word < bits.length; word += 1) bits[word] = (bits[word] ?? 0) | (other[word] ?? 0);
};

/** Takes out what is in `other`. */
export const subtract = (bits: Bits, other: Bits): void => {
  for (let word = 0; word < bits.length; word += 1) bits[word] = (bits[word] ?? 0) & ~(other[word] ?? 0);
};

/** Keeps the numbers from `from` up to, but not including, `until`. */
export const keepRange = (bits: Bits, from: number, until: number): void => {
  for (let word = 0; word < bits.length; word += 1) {
    const first = word << 5;
    if (first >= from && first + 32 <= until) continue;
    if (first + 32 <= from || first >= until) {
      bits[word] = 0;
      continue;
    }
    let mask = 0xffff_ffff;
    if (from > first) mask &= 0xffff_ffff << (from - first);
    if (until < first + 32) mask &= 0xffff_ffff >>> (first + 32 - until);
    bits[word] = (bits[word] ?? 0) & mask;
  }
};

/** How many numbers are in the set (population count, "Hacker's Delight", figure 5-2). */
export const countBits = (bits: Bits): number => {
  let total = 0;
  for (let word = 0; word < bits.length; word += 1) {
    let value = bits[word] ?? 0;
    if (value === 0) continue;
    value -= (value >>> 1) & 0x5555_5555;
    value = (value & 0x3333_3333) + ((value >>> 2) & 0x3333_3333);
    total += Math.imul((value + (value >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return total;
};

/** Calls `each` for every number of the set, ascending. */
export const eachBit = (bits: Bits, each: (value: number) => void): void => {
  for (let word = 0; word < bits.length; word += 1) {
    let value = bits[word] ?? 0;
    while (value !== 0) {
      const lowest = value & -value;
      each((word << 5) + 31 - Math.clz32(lowest));
      value ^= lowest;
    }
  }
};
