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
    ['"he said “no” twice"', [['phrase', 'he said no twice']]],
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
  const loosened = (query: string, step: 1 | 2 | 3) =>
    relax(parseQuery(query), step)?.clauses.map((clause) =>
      clause.terms
        .map(({ prefix, suffix, term }) => `${suffix ? '…' : ''}${term}${prefix ? '…' : ''}`)
        .join(' '),
    );

  it('first takes the words at the edges for pieces of longer ones', () => {
    expect(loosened('efund my ca', 1)).toEqual(['…efund', 'my', 'ca…']);
    expect(loosened('905012', 1)).toEqual(['…905012…']);
    expect(loosened('10-690', 1)).toEqual(['…10 690…']);
    expect(loosened('50元的套', 1)).toEqual(['…50 元的 的套']);
    expect(loosened('元的套', 1)).toBeUndefined();
  });
  it('goes no further in scripts with spaces', () => {
    expect(loosened('refund card', 2)).toBeUndefined();
    expect(loosened('refund card', 3)).toBeUndefined();
  });
  it('then drops words that may have been cut, at the edges only', () => {
    expect(loosened('50元的套', 2)).toEqual(['元的 的套']);
    expect(loosened('"套餐iPho"', 2)).toEqual(['套餐 餐']);
  });
  it('then looks up the characters in any order, but not of a phrase', () => {
    expect(loosened('没有收到', 3)).toEqual(['没有', '有收', '收到']);
    expect(loosened('"没有收到"', 3)).toBeUndefined();
  });
});

describe('text cut out of a message in a script without spaces', () => {
  const terms = (query: string) => parseQuery(query).clauses.at(-1)?.terms.at(-1);
  it('may end in the middle of a foreign word or a number', () => {
    expect(terms('ราคา 59')).toMatchObject({ term: '59', prefix: true });
    expect(terms('套餐iPho')).toMatchObject({ term: 'ipho', prefix: true });
    expect(terms('iPhone 套餐')).toMatchObject({ term: '套餐', prefix: false });
    expect(terms('price 59')).toMatchObject({ term: '59', prefix: false });
  });
});
