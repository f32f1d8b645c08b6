import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, LineSplitter } from '../../src/mcp/stdio/line-splitter.ts';

const linesOf = (splitter: LineSplitter): Line[] => {
  const lines: Line[] = [];
  for (let line = splitter.next(); line !== undefined; line = splitter.next()) lines.push(line);
  return lines;
};

/** The bytes in chunks that end at the given places. */
const chunked = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
};

describe('lines out of bytes', () => {
  it('are the same, wherever the chunks end', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\n', ''));
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 8 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        (lines, cuts) => {
          const splitter = new LineSplitter(1_000);
          const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
          const out: Line[] = [];
          for (const chunk of chunked(bytes, cuts)) {
            splitter.push(chunk);
            out.push(...linesOf(splitter));
          }
          // A decoder takes a byte order mark at the start of a line away.
          expect(out).toEqual(lines.map((text) => ({ text: text.replace(/^\u{feff}/u, '') })));
          expect(splitter.unread).toBe(0);
          expect(splitter.rest()).toBeUndefined();
        },
      ),
      { seed: 11, numRuns: 400 },
    );
  });

  it('stop in the middle of a chunk until they are asked for', () => {
    const splitter = new LineSplitter(100);
    splitter.push(Buffer.from('one\ntwo\nthr'));
    expect(splitter.next()).toEqual({ text: 'one' });
    expect(splitter.unread).toBe(7);
    expect(splitter.next()).toEqual({ text: 'two' });
    expect(splitter.next()).toBeUndefined();
    expect(splitter.rest()).toEqual({ text: 'thr' });
    expect(splitter.rest()).toBeUndefined();
  });

  it('that are too long are dropped, said to be, and cost no memory', () => {
    const splitter = new LineSplitter(10);
    for (let part = 0; part < 1_000; part += 1) {
      splitter.push(Buffer.alloc(1_000, 'x'));
      expect(splitter.next()).toBeUndefined();
    }
    splitter.push(Buffer.from('\n0123456789\n0123456789A\nok\n'));
    expect(linesOf(splitter)).toEqual([
      { tooLong: true },
      { text: '0123456789' },
      { tooLong: true },
      { text: 'ok' },
    ]);
  });
});
