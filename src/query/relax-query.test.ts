import { describe, expect, it } from 'vitest';
import { relax } from './relax-query.ts';
import { isText, parseQuery, wantedClauses } from './search-grammar.ts';

describe('relax', () => {
  const loosened = (query: string, step: 1 | 2 | 3) =>
    relax(parseQuery(query), step)
      ?.nodes.filter(isText)
      .map((clause) =>
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
  const terms = (query: string) => wantedClauses(parseQuery(query).nodes).at(-1)?.terms.at(-1);
  it('may end in the middle of a foreign word or a number', () => {
    expect(terms('ราคา 59')).toMatchObject({ term: '59', prefix: true });
    expect(terms('套餐iPho')).toMatchObject({ term: 'ipho', prefix: true });
    expect(terms('iPhone 套餐')).toMatchObject({ term: '套餐', prefix: false });
    expect(terms('price 59')).toMatchObject({ term: '59', prefix: false });
  });
});
