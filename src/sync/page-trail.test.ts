import { describe, expect, it } from 'vitest';
import { PageTrail } from './page-trail.ts';

const after = (pages: unknown) => {
  const trail = new PageTrail();
  trail.follow(pages, ['a']);
  return trail.ended ? 'end' : trail.query;
};

describe('the trail of a list', () => {
  it.each([
    ['no pages', undefined, 'end'],
    ['pages: null', null, 'end'],
    ['next: null', { page: 1, total_pages: 3, next: null }, 'end'],
    ['an address', { next: 'https://api.intercom.io/articles?per_page=9&page=2' }, { page: 2 }],
    ['an object with a page', { next: { page: 2 } }, { page: 2 }],
    ['a cursor', { next: { page: 2, starting_after: 'WzE=' } }, { starting_after: 'WzE=' }],
    ['only numbers of pages', { page: 1, total_pages: 2 }, { page: 2 }],
    ['only numbers of pages, the last one', { page: 1, total_pages: 1 }, 'end'],
  ])('with %s', (_name, pages, expected) => {
    expect(after(pages)).toEqual(expected);
  });

  it('refuses an answer that points back, or shows again what it had shown', () => {
    const trail = new PageTrail();
    trail.follow({ next: { page: 2 } }, ['a', 'b']);
    expect(() => trail.follow({ next: { page: 2 } }, ['c'])).toThrow(/again/);
    const other = new PageTrail();
    other.follow({ next: { starting_after: 'x' } }, ['a', 'b']);
    expect(() => other.follow({ next: { starting_after: 'y' } }, ['b', 'a'])).toThrow(/again/);
    expect(() => new PageTrail().follow({ next: 'https://elsewhere.example.com/' }, [])).toThrow(/body/);
  });
});
