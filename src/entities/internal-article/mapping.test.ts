import { expect, test } from 'vitest';
import { mapInternalArticle } from './mapping.ts';

test('takes a whole object apart', () => {
  expect(
    mapInternalArticle({
      id: '39',
      title: 'Thanks',
      body: 'Body',
      owner_id: 991266252,
      author_id: 991266253,
      locale: 'en',
      created_at: 1734537309,
      updated_at: 1734537310,
    }),
  ).toEqual({
    id: '39',
    title: 'Thanks',
    owner_id: '991266252',
    author_id: '991266253',
    locale: 'en',
    created_at: 1734537309,
    updated_at: 1734537310,
  });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  const bare = {
    id: '39',
    title: null,
    owner_id: null,
    author_id: null,
    locale: null,
    created_at: null,
    updated_at: null,
  };
  expect(mapInternalArticle({ id: '39' })).toEqual(bare);
  expect(
    mapInternalArticle({
      id: '39',
      title: ['wrong'],
      owner_id: ['wrong'],
      author_id: ['wrong'],
      locale: ['wrong'],
      created_at: 'wrong',
      updated_at: 'wrong',
    }),
  ).toEqual(bare);
});

test.each([undefined, null, 'x', [], {}, { id: null }, { id: '' }])('leaves out %j', (payload) => {
  expect(mapInternalArticle(payload)).toBeUndefined();
});
