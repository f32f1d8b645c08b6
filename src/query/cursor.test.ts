import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CursorField, decodeCursor, encodeCursor, fingerprint } from './cursor.ts';

const key = 'a key';
const question = fingerprint(['search', 'ws', { query: 'x' }]);
const invalid = expect.objectContaining({ code: 'CURSOR_INVALID' });

it('gives the position back, whatever its fields hold', () => {
  const field = fc.oneof(
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    fc.string({ unit: 'grapheme' }),
  );
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 6 }), (position: CursorField[]) => {
      expect(decodeCursor(key, question, encodeCursor(key, question, position))).toEqual(position);
    }),
    { seed: 4, numRuns: 300 },
  );
});

it('belongs to one question and one mirror', () => {
  const cursor = encodeCursor(key, question, [1.25, 5, 'ü']);
  expect(() => decodeCursor(key, fingerprint(['search', 'ws', { query: 'y' }]), cursor)).toThrow(invalid);
  expect(() => decodeCursor('another key', question, cursor)).toThrow(invalid);
});

it('refuses any change', () => {
  const cursor = encodeCursor(key, question, [9.37095059693137, 1_738_858_960, '215470000047767', 0]);
  fc.assert(
    fc.property(fc.nat(cursor.length - 1), fc.string({ maxLength: 3 }), (at, text) => {
      const changed = cursor.slice(0, at) + text + cursor.slice(at + 1);
      if (changed === cursor) return;
      expect(() => decodeCursor(key, question, changed)).toThrow(invalid);
    }),
    { seed: 6, numRuns: 500 },
  );
  for (const junk of ['', '.', 'a.b', '💥', 'x'.repeat(10_000), `${cursor}.`, `${cursor}A`, `.${cursor}`])
    expect(() => decodeCursor(key, question, junk)).toThrow(invalid);
});

it('is short: a model repeats it, and it counts against the budget of every answer', () => {
  const cursor = encodeCursor(key, question, [9.37095059693137, 1_738_858_960, '215470000047767', 0]);
  expect(cursor.length).toBeLessThan(64);
});
