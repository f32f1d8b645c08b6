/** Of a thread's readers: the blocks of common words, which most questions ask for. */
const MAX_BYTES = 12 * 1024 * 1024;
/** A larger block would push out many smaller ones. */
const MAX_BLOCK = 1024 * 1024;

export type BlockColumn = 'postings' | 'positions';

/**
 * Blocks that were read before, the least recently used ones dropped. A block never changes; a segment is known by a number
 * that it got when this process read its head, so that one of a write that was taken back is never taken for another.
 */
class BlockCache {
  readonly #blocks = new Map<string, Uint8Array>();
  #bytes = 0;

  get(segment: number, column: BlockColumn, block: number): Uint8Array | undefined {
    const key = `${segment} ${column} ${block}`;
    const found = this.#blocks.get(key);
    if (found === undefined) return undefined;
    this.#blocks.delete(key);
    this.#blocks.set(key, found);
    return found;
  }

  put(segment: number, column: BlockColumn, block: number, bytes: Uint8Array): void {
    if (bytes.length > MAX_BLOCK) return;
    const key = `${segment} ${column} ${block}`;
    if (this.#blocks.has(key)) return;
    // A view of a driver's buffer would hold all of it.
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    this.#blocks.set(key, own);
    this.#bytes += own.length;
    for (const [oldest, { length }] of this.#blocks) {
      if (this.#bytes <= MAX_BYTES) break;
      this.#blocks.delete(oldest);
      this.#bytes -= length;
    }
  }

  /** Drops what is held of a segment that is gone. */
  forget(segment: number): void {
    for (const [key, { length }] of this.#blocks) {
      if (!key.startsWith(`${segment} `)) continue;
      this.#blocks.delete(key);
      this.#bytes -= length;
    }
  }
}

/** One a thread, like the segments. */
export const blockCache = new BlockCache();
