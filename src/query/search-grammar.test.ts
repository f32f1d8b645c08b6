import { describe, expect, it } from 'vitest';
import { parseQuery, relax } from './search-grammar.ts';

const shape = (query: string) =>
  parseQuery(query).clauses.map((clause) => [clause.kind, clause.terms.map((term) => term.term).join(' ')]);

describe('parseQuery', () => {
  it.each([
    [
      'refund card',
      [
        ['word', 'refund'],
        ['word', 'card'],
      ],
    ],
    [
      '"not received" card',
      [
        ['phrase', 'not received'],
        ['word', 'card'],
      ],
    ],
    [
      'foo@bar.com v2.6.8',
      [
        ['word', 'foo bar com'],
        ['word', 'v2 6 8'],
      ],
    ],
    [
      'say "hello',
      [
        ['word', 'say'],
        ['word', 'hello'],
      ],
    ],
    ['“Guten Tag”', [['phrase', 'guten tag']]],
    [
      '-not OR state:open *',
      [
        ['word', 'not'],
        ['word', 'or'],
        ['word', 'state open'],
      ],
    ],
    ['退款', [['word', '退款']]],
  ])('%s', (query, clauses) => {
    expect(shape(query)).toEqual(clauses);
  });

  it('refuses what cannot be looked up', () => {
    for (const query of ['...', '""', '🙂'])
      expect(() => parseQuery(query)).toThrow(expect.objectContaining({ code: 'QUERY_EMPTY' }));
    expect(() => parseQuery('x'.repeat(10_001))).toThrow(expect.objectContaining({ code: 'QUERY_INVALID' }));
    expect(() => parseQuery(Array.from({ length: 65 }, (_, index) => `w${index}`).join(' '))).toThrow(
      expect.objectContaining({ code: 'QUERY_INVALID' }),
    );
  });
});

describe('relax', () => {
  const loosened = (query: string, step: 1 | 2) =>
    relax(parseQuery(query), step)?.clauses.map((clause) => clause.terms.map((term) => term.term).join(' '));

  it('leaves scripts with spaces alone', () => {
    expect(loosened('refund card', 1)).toBeUndefined();
    expect(loosened('refund card', 2)).toBeUndefined();
  });
  it('drops words that may have been cut, at the edges only', () => {
    expect(loosened('50元的套', 1)).toEqual(['元的 的套']);
    expect(loosened('"套餐iPho"', 1)).toEqual(['套餐 餐']);
  });
  it('then looks up the characters in any order, but not of a phrase', () => {
    expect(loosened('没有收到', 2)).toEqual(['没有', '有收', '收到']);
    expect(loosened('"没有收到"', 2)).toBeUndefined();
  });
});
