import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeCursor, encodeCursor, fingerprint } from './cursor.ts';

const key = 'a key';
const question = fingerprint(['search', 'ws', { query: 'x' }]);
const invalid = expect.objectContaining({ code: 'CURSOR_INVALID' });

it('gives the position back for the same question only', () => {
  const position = { after: { score: 1.25, createdAt: 5, id: 'ü' }, relaxation: 0 };
  const cursor = encodeCursor(key, question, position);
  expect(decodeCursor(key, question, cursor)).toEqual(position);
  expect(() => decodeCursor(key, fingerprint(['search', 'ws', { query: 'y' }]), cursor)).toThrow(invalid);
  expect(() => decodeCursor('another key', question, cursor)).toThrow(invalid);
});

it('refuses any change', () => {
  const cursor = encodeCursor(key, question, 7);
  fc.assert(
    fc.property(fc.nat(cursor.length - 1), fc.string({ maxLength: 3 }), (at, text) => {
      const changed = cursor.slice(0, at) + text + cursor.slice(at + 1);
      // The last characters of base64 may hold unused bits: another spelling of the same bytes is no change.
      const same = (part: number) =>
        Buffer.from(changed.split('.')[part] ?? '', 'base64url').equals(
          Buffer.from(cursor.split('.')[part] ?? '', 'base64url'),
        );
      if (changed.split('.')[0] === cursor.split('.')[0] && same(1)) return;
      expect(() => decodeCursor(key, question, changed)).toThrow(invalid);
    }),
    { seed: 6, numRuns: 500 },
  );
  for (const junk of ['', '.', 'a.b', '💥', 'x'.repeat(10_000)])
    expect(() => decodeCursor(key, question, junk)).toThrow(invalid);
});
