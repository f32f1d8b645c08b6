import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packPayload, packText, unpackText } from './payload-codec.ts';
import { PAYLOAD_DICTIONARY } from './payload-dictionary.ts';
import { packThread, unpackThread } from './thread-codec.ts';

describe('stored texts', () => {
  test('come back character for character, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        expect(unpackText(packPayload(text))).toBe(text.toWellFormed());
        expect(unpackText(packText(text))).toBe(text.toWellFormed());
      }),
      { seed: 8 },
    );
  });

  test('the dictionary never changes: what is stored could not be read any more', () => {
    expect(createHash('sha256').update(PAYLOAD_DICTIONARY).digest('hex')).toBe(
      '281668484cb80892abca382a65459d0c73f1f0501923425e7ec1b4912afe9e61',
    );
  });

  test('of an unknown kind, or damaged, are refused', () => {
    const damaged = expect.objectContaining({ code: 'STORE_DAMAGED' });
    expect(() => unpackText(new Uint8Array([99, 1, 2]))).toThrow(damaged);
    expect(() => unpackText(new Uint8Array())).toThrow(damaged);
    expect(() => unpackText(packPayload('{"a":1}').subarray(0, 9))).toThrow(damaged);
  });
});

test('a thread comes back part by part', () => {
  const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 40 }));
  const part = fc.record({
    id: fc.string({ maxLength: 12 }),
    part_type: fc.constantFrom('comment', 'note', 'quantum_handoff'),
    author_type: text,
    author_id: text,
    author_name: text,
    author_email: text,
    created_at: fc.integer(),
    text,
  });
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const thread = parts.map((each, position) => ({ position, ...each }));
      expect(unpackThread(packThread(thread))).toEqual(thread);
    }),
    { seed: 9 },
  );
});
