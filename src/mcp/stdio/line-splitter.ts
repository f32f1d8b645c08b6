const NEWLINE = 0x0a;

/** A whole line, or the statement that one was longer than the limit and was dropped. */
export type Line = { readonly text: string } | { readonly tooLong: true };

/**
 * Bytes in, lines out, on demand: the reader may stop in the middle of a chunk. A line is decoded when it is whole, so a
 * character that two chunks share stays whole; of a line beyond the limit nothing is kept.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #offset = 0;
  #parts: Buffer[] = [];
  #size = 0;
  #skipping = false;
  #unread = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes that no line was taken from yet. */
  get unread(): number {
    return this.#unread;
  }

  /** The bytes that were read end within a line. */
  get isWithinLine(): boolean {
    return this.#size > 0;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#unread += chunk.length;
  }

  /** The next whole line; undefined when more bytes are needed. */
  next(): Line | undefined {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      const found = chunk.indexOf(NEWLINE, this.#offset);
      const end = found < 0 ? chunk.length : found;
      this.#keep(chunk.subarray(this.#offset, end));
      this.#unread -= end - this.#offset;
      if (found >= 0) {
        this.#offset = found + 1;
        this.#unread -= 1;
        return this.#finish();
      }
      this.#chunks.shift();
      this.#offset = 0;
    }
    return undefined;
  }

  /** What stands behind the last line break once the stream has ended; undefined when nothing does. */
  rest(): Line | undefined {
    return this.#size === 0 ? undefined : this.#finish();
  }

  #keep(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#size > this.#maxBytes) {
      this.#skipping = true;
      this.#parts = [];
    } else this.#parts.push(piece);
  }

  #finish(): Line {
    // A new decoder for each line: it also takes a byte order mark away, which some shells put first.
    const line = this.#skipping
      ? { tooLong: true as const }
      : { text: new TextDecoder().decode(Buffer.concat(this.#parts)) };
    this.#parts = [];
    this.#size = 0;
    this.#skipping = false;
    return line;
  }
}
