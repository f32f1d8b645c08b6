const FNV_OFFSET = 0x811c_9dc5;
const FNV_PRIME = 0x0100_0193;
/** Terms there is room for at first. */
const FIRST = 1 << 14;
const decoder = new TextDecoder();

const grown = (array: Int32Array, size: number): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
};

/** Counts by term for a hundred thousand terms: the terms stay bytes, and become text only where somebody asks. */
export class TermTally {
  /** How many terms there are; they are numbered from 0 in the order in which they came. */
  size = 0;
  window = new Int32Array(FIRST);
  baseline = new Int32Array(FIRST);
  #starts = new Int32Array(FIRST + 1);
  #hashes = new Int32Array(FIRST);
  #bytes = new Uint8Array(8 * FIRST);
  /** Open addressing: number + 1, 0 for a free place. */
  #table = new Int32Array(2 * FIRST);

  /** The number of a term, which gets one when it is new. */
  numberOf(bytes: Uint8Array, length: number): number {
    const mask = this.#table.length - 1;
    const hash = hashOf(bytes, length);
    let place = hash & mask;
    for (;;) {
      const number = (this.#table[place] as number) - 1;
      if (number < 0) break;
      if (this.#hashes[number] === hash && this.#isAt(number, bytes, length)) return number;
      place = (place + 1) & mask;
    }
    this.#table[place] = this.size + 1;
    return this.#add(bytes, length, hash);
  }

  /** The bytes of a term, not copied. */
  bytesOf(number: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[number] ?? 0, this.#starts[number + 1] ?? 0);
  }

  textOf(number: number): string {
    return decoder.decode(this.bytesOf(number));
  }

  #isAt(number: number, bytes: Uint8Array, length: number): boolean {
    const start = this.#starts[number] as number;
    if ((this.#starts[number + 1] as number) - start !== length) return false;
    for (let index = 0; index < length; index += 1)
      if (this.#bytes[start + index] !== bytes[index]) return false;
    return true;
  }

  #add(bytes: Uint8Array, length: number, hash: number): number {
    const number = this.size;
    const start = this.#starts[number] as number;
    if (start + length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (start + length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    for (let index = 0; index < length; index += 1) this.#bytes[start + index] = bytes[index] as number;
    this.#hashes[number] = hash;
    this.size += 1;
    if (this.size === this.window.length) {
      this.window = grown(this.window, 2 * this.size);
      this.baseline = grown(this.baseline, 2 * this.size);
      this.#hashes = grown(this.#hashes, 2 * this.size);
      this.#starts = grown(this.#starts, 2 * this.size + 1);
    }
    this.#starts[this.size] = start + length;
    if (2 * this.size > this.#table.length) this.#rehash();
    return number;
  }

  #rehash(): void {
    const table = new Int32Array(2 * this.#table.length);
    const mask = table.length - 1;
    for (let number = 0; number < this.size; number += 1) {
      let place = (this.#hashes[number] as number) & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
      table[place] = number + 1;
    }
    this.#table = table;
  }
}

/** FNV-1a. */
const hashOf = (bytes: Uint8Array, length: number): number => {
  let hash = FNV_OFFSET;
  for (let index = 0; index < length; index += 1)
    hash = Math.imul(hash ^ (bytes[index] as number), FNV_PRIME);
  return hash ^ (hash >>> 15);
};
