import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyBits } from '../../lib/bytes/bitset.ts';
import { buildSegment } from './build-segment.ts';
import { keyOfId } from './doc-columns.ts';
import { addToBits, encodeDocList, ordinalsOf, postingBytesOf, writePostingBytes } from './doc-list.ts';
import { mergeSegments } from './merge-segments.ts';
import { planMerge } from './plan-merge.ts';
import { lengthByte, LENGTHS, occurrencesOf, postingByte } from './posting-bytes.ts';
import { blockOf, decodeFirstTerms, encodeFirstTerms, findTerms, termsOfBlock } from './term-block.ts';
import { TopRows } from './top-rows.ts';
import type { IndexDocument } from './types.ts';
import { termsWithPiece, unpackVocabulary, VocabularyBuilder } from './vocabulary.ts';

const document = (docId: number, createdAt: number, texts: readonly string[]): IndexDocument => ({
  docId,
  key: docId,
  times: { created_at: createdAt, updated_at: createdAt, closed_at: null, message_at: createdAt },
  parts: texts.map((text) => ({ terms: text.split(' '), role: 1 })),
  filters: [`:state=${docId % 2 === 0 ? 'open' : 'closed'}`],
});

const WORDS = ['a', 'ab', 'abc', 'b', 'ä', '退款', 'z', '😀x', 'zz9'];
const texts = fc.array(fc.array(fc.constantFrom(...WORDS), { minLength: 1 }).map((words) => words.join(' ')));
const documents = fc
  .array(fc.tuple(fc.integer({ min: -50, max: 50 }), texts), { minLength: 1, maxLength: 30 })
  .map((list) => list.map(([time, words], index) => document(index + 1, time, words)));

describe('a document list', () => {
  test('gives back what went in, sparse or dense, with bytes or without', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 700 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (size, share, plain) => {
          const ordinals = Array.from({ length: size }, (_, value) => value).filter(
            (value) => (value * 0.618_034) % 1 < share,
          );
          const bytes = plain ? [] : ordinals.map((value) => 1 + (value % 255));
          const list = encodeDocList(ordinals, bytes, size);
          expect([...ordinalsOf(list, ordinals.length, size)]).toEqual(ordinals);
          const bits = emptyBits(size);
          addToBits(list, ordinals.length, size, bits);
          const target = new Uint8Array(size);
          writePostingBytes(list, ordinals.length, size, target);
          expect([...target.entries()].filter(([, byte]) => byte > 0)).toEqual(
            ordinals.map((value, index) => [value, bytes[index] ?? 1]),
          );
          expect(ordinals.every((value) => ((bits[value >>> 5] ?? 0) >>> (value & 31)) & 1)).toBe(true);
          const stored = postingBytesOf(list, ordinals.length);
          if (ordinals.length > 0) expect(stored === undefined ? [] : [...stored]).toEqual(bytes);
        },
      ),
      { seed: 3 },
    );
  });
});

describe('the numbers that rank', () => {
  test('occurrences are exact up to eight and never rounded up', () => {
    for (let count = 1; count <= 300; count += 1) {
      const rounded = occurrencesOf(postingByte(count, 15));
      expect(rounded).toBeLessThanOrEqual(count);
      if (count <= 8) expect(rounded).toBe(count);
      expect(rounded).toBeGreaterThanOrEqual(Math.min(count, 128) / 2);
    }
  });

  test('lengths are right within a twentieth', () => {
    for (const length of [0, 1, 5, 40, 333, 5_000, 100_000]) {
      const rounded = LENGTHS[lengthByte(length)] ?? -1;
      expect(Math.abs(rounded - length)).toBeLessThanOrEqual(0.05 * length + 1);
    }
  });

  test('ids of digits keep their order; others get a place of their own below', () => {
    expect([keyOfId('9'), keyOfId('10'), keyOfId('215472856448646')]).toEqual([9, 10, 215_472_856_448_646]);
    expect(keyOfId('01')).toBeLessThan(0);
    expect(keyOfId('abc')).toBe(keyOfId('abc'));
    expect(keyOfId('abc')).not.toBe(keyOfId('abd'));
  });
});

/** What a segment holds, read back term by term. */
const contents = (segment: {
  readonly columns: { readonly docIds: Int32Array; readonly size: number };
  readonly blocks: readonly { readonly postings: Uint8Array; readonly positions: Uint8Array }[];
}) =>
  segment.blocks.flatMap(({ positions, postings }) => {
    let at = 0;
    return [...termsOfBlock(postings)].map(({ count, docs, positionsLength, term }) => {
      const its = positions.subarray(at, at + positionsLength);
      at += positionsLength;
      const ordinals = ordinalsOf(docs, count, segment.columns.size);
      return [term, [...ordinals].map((ordinal) => segment.columns.docIds[ordinal]), [...its]];
    });
  });

describe('a segment', () => {
  test('finds each of its terms and no other', () => {
    fc.assert(
      fc.property(documents, (docs) => {
        const { blocks, columns } = buildSegment(docs);
        const firstTerms = decodeFirstTerms(encodeFirstTerms(blocks.map((block) => block.firstTerm)));
        for (const word of [...WORDS, '', 'abcd', '退', 'zzz', ':state=open', ':state=']) {
          const having = docs
            .filter(
              (doc) => doc.filters.includes(word) || doc.parts.some((part) => part.terms.includes(word)),
            )
            .map((doc) => doc.docId);
          const block = blocks[blockOf(firstTerms, word)];
          const found = block === undefined ? undefined : findTerms(block.postings, word, false)[0];
          const ids = found === undefined ? [] : [...ordinalsOf(found.docs, found.count, columns.size)];
          expect(ids.map((ordinal) => columns.docIds[ordinal] ?? 0).sort((a, b) => a - b)).toEqual(having);
        }
      }),
      { seed: 4 },
    );
  });

  test('cuts its terms into blocks that are found again', () => {
    const docs = Array.from({ length: 300 }, (_, index) =>
      document(index + 1, index, [`common word${index} order${index * 7} x${(index * 31) % 97}`]),
    );
    const { blocks, columns } = buildSegment(docs);
    expect(blocks.length).toBeGreaterThan(3);
    const firstTerms = blocks.map((block) => block.firstTerm);
    for (const [index, doc] of docs.entries()) {
      const block = blocks[blockOf(firstTerms, `word${index}`)];
      const found = block && findTerms(block.postings, `word${index}`, false)[0];
      expect(found && [...ordinalsOf(found.docs, found.count, columns.size)]).toEqual([doc.docId - 1]);
    }
  });

  test('merged from several is what it would be if it were built at once, without the dead', async () => {
    await fc.assert(
      fc.asyncProperty(documents, fc.integer({ min: 1, max: 5 }), fc.nat(6), async (docs, parts, modulus) => {
        const isDead = (docId: number): boolean => modulus > 1 && docId % modulus === 0;
        const groups = Array.from({ length: parts }, (_, part) =>
          docs.filter((_doc, index) => index % parts === part),
        ).filter((group) => group.length > 0);
        const sources = groups.map((group) => {
          const { blocks, columns } = buildSegment(group);
          const dead = emptyBits(columns.size);
          columns.docIds.forEach((docId, ordinal) => {
            if (isDead(docId)) dead[ordinal >>> 5] = (dead[ordinal >>> 5] ?? 0) | (1 << (ordinal & 31));
          });
          return {
            columns,
            dead,
            blocks: async function* () {
              yield* blocks;
            },
          };
        });
        const blocks: { postings: Uint8Array; positions: Uint8Array }[] = [];
        const { columns, vocabulary } = await mergeSegments(
          sources,
          async (block) => void blocks.push(block),
        );
        const whole = buildSegment(docs.filter((doc) => !isDead(doc.docId)));
        expect(contents({ columns, blocks })).toEqual(contents(whole));
        expect(unpackVocabulary(vocabulary.pack())).toBe(unpackVocabulary(whole.vocabulary.pack()));
        expect({ ...columns, keys: [...columns.keys] }).toEqual({
          ...whole.columns,
          keys: [...whole.columns.keys],
        });
      }),
      { seed: 5 },
    );
  });
});

describe('the vocabulary', () => {
  const words = ['10', '690', '69050123', 'refund', 'refunds', 'un', ':state=refund'];
  const builder = new VocabularyBuilder();
  for (const word of words) builder.add(word);
  const vocabulary = unpackVocabulary(builder.pack());
  const find = (term: string, prefix: boolean, suffix: boolean, limit = 9) =>
    termsWithPiece(vocabulary, { term, prefix, suffix }, limit);

  test('knows which words begin with, end with or hold a piece', () => {
    expect(find('refund', true, false)).toEqual(['refund', 'refunds']);
    expect(find('und', false, true)).toEqual(['refund']);
    expect(find('un', true, true)).toEqual(['refund', 'refunds', 'un']);
    expect(find('690', true, true)).toEqual(['690', '69050123']);
    expect(find('0', false, true)).toEqual(['10', '690']);
    expect(find('x', true, true)).toEqual([]);
  });
  test('leaves out filters and ends at the limit', () => {
    expect(find('state', true, true)).toEqual([]);
    expect(find('un', true, true, 2)).toEqual(['refund', 'refunds']);
  });
});

describe('the plan of merges', () => {
  const plan = (sizes: readonly number[], dead = 0) =>
    planMerge(sizes.map((size, id) => ({ id, size, deadCount: dead })))?.map((segment) => segment.size);

  test('leaves few segments alone and joins eight of a kind', () => {
    expect(plan([40, 40, 40, 40, 40, 40, 40])).toBeUndefined();
    expect(plan([40, 40, 40, 40, 40, 40, 40, 40])).toHaveLength(8);
    expect(plan([40, 40, 40, 40, 4_000, 4_000, 4_000, 4_000])).toBeUndefined();
  });

  test('writes anew what is dead for the larger part, and never makes a segment beyond its limit', () => {
    expect(plan([100], 40)).toEqual([100]);
    expect(plan([100], 10)).toBeUndefined();
    expect(plan(Array.from({ length: 9 }, () => 100_000))).toBeUndefined();
    expect(plan(Array.from({ length: 8 }, () => 30_000))).toHaveLength(4);
  });

  test('keeps the number of segments low, and writes each document few times', () => {
    let segments: { id: number; size: number; deadCount: number }[] = [];
    let written = 0;
    for (let batch = 0; batch < 5_000; batch += 1) {
      segments.push({ id: batch, size: 40, deadCount: 0 });
      for (let due = planMerge(segments); due !== undefined; due = planMerge(segments)) {
        const merged = new Set(due);
        const size = due.reduce((sum, segment) => sum + segment.size, 0);
        written += size;
        segments = [
          ...segments.filter((segment) => !merged.has(segment)),
          { id: 1_000_000 + written, size, deadCount: 0 },
        ];
      }
      expect(segments.length).toBeLessThan(50);
    }
    expect(written / (5_000 * 40)).toBeLessThan(6);
  });
});

test('the first rows of an order are the first rows of the sorted list', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat(20), (values, limit) => {
      const compare = (a: number, b: number): number => a - b;
      const top = new TopRows<number>(limit, compare);
      for (const value of values) top.add(value);
      expect(top.sorted()).toEqual(values.toSorted(compare).slice(0, limit));
    }),
    { seed: 6 },
  );
});
