/** A small keyed generator: the same key gives the same numbers, whatever was drawn before. */
export type Random = () => number;

const mix = (value: number): number => {
  let t = value + 0x6d2b79f5;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return (t ^ (t >>> 14)) >>> 0;
};

/** Numbers in [0, 1) for one object of one stream of one seed. */
export const randomOf = (seed: number, stream: number, index: number): Random => {
  let state = mix(mix(mix(seed | 0) ^ stream) ^ index);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    return mix(state) / 4_294_967_296;
  };
};

export const pick = <T>(random: Random, items: readonly T[]): T =>
  items[Math.floor(random() * items.length)] as T;

export const between = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));

export const chance = (random: Random, share: number): boolean => random() < share;
