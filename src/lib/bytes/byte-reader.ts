const decoder = new TextDecoder();

/** Reads what a `ByteWriter` wrote. The caller knows the layout; reading on behind the end gives zeros. */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** Index of the next byte. */
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  varint(): number {
    const first = this.bytes[this.at++] ?? 0;
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let scale = 0x80; ; scale *= 0x80) {
      const next = this.bytes[this.at++] ?? 0;
      value += (next & 0x7f) * scale;
      if (next < 0x80) return value;
    }
  }

  /** The next bytes, not copied. */
  slice(length: number): Uint8Array {
    const start = this.at;
    this.at += length;
    return this.bytes.subarray(start, start + length);
  }

  text(): string {
    return decoder.decode(this.slice(this.varint()));
  }
}
