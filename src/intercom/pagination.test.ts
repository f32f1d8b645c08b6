import { expect, test } from 'vitest';
import { nextCursor } from './pagination.ts';

test.each([
  ['absent pages', undefined, undefined],
  ['null pages (scroll)', null, undefined],
  ['absent next', { type: 'pages', page: 3 }, undefined],
  ['null next', { next: null }, undefined],
  ['empty next', { next: '' }, undefined],
  ['empty object', { next: {} }, undefined],
  ['null cursor', { next: { page: null, starting_after: null } }, undefined],
  ['object', { next: { page: 2, starting_after: 'Wz1d' } }, { kind: 'cursor', startingAfter: 'Wz1d' }],
  ['object with a page only', { next: { page: 2 } }, { kind: 'page', page: 2 }],
  ['URL', { next: 'https://api.intercom.io/articles?per_page=25&page=4' }, { kind: 'page', page: 4 }],
  ['URL of another host', { next: 'https://evil.example/x?page=2' }, { kind: 'page', page: 2 }],
  ['relative URL', { next: '/companies?page=5' }, { kind: 'page', page: 5 }],
  [
    'URL with a cursor',
    { next: 'https://a.example/x?starting_after=W%2Bz%3D&page=2' },
    { kind: 'cursor', startingAfter: 'W+z=' },
  ],
])('%s', (_name, pages, expected) => {
  expect(nextCursor(pages)).toEqual(expected);
});

test.each([
  ['pages is text', 'next'],
  ['next is a number', { next: 2 }],
  ['next is a list', { next: [] }],
  ['URL without page or cursor', { next: 'https://api.intercom.io/articles' }],
  ['URL with page 0', { next: 'https://api.intercom.io/articles?page=0' }],
  ['cursor is an object', { next: { starting_after: {} } }],
])('%s is not taken for the end of the list', (_name, pages) => {
  expect(() => nextCursor(pages)).toThrow(expect.objectContaining({ code: 'INTERCOM_BAD_BODY' }));
});
