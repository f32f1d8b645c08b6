import { expect, test } from 'vitest';
import { mapArticle } from './mapping.ts';

test('takes a whole object apart', () => {
  expect(
    mapArticle({
      id: '39',
      type: 'article',
      title: 'Hello',
      description: 'About',
      body: '<p>x</p>',
      author_id: 991267492,
      state: 'published',
      created_at: 1734537283,
      updated_at: 1734537284,
      url: 'https://help.example.com/39',
      default_locale: 'en',
      parent_ids: [],
    }),
  ).toEqual({
    id: '39',
    title: 'Hello',
    description: 'About',
    state: 'published',
    url: 'https://help.example.com/39',
    author_id: '991267492',
    default_locale: 'en',
    created_at: 1734537283,
    updated_at: 1734537284,
  });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  const bare = {
    id: '39',
    title: null,
    description: null,
    state: null,
    url: null,
    author_id: null,
    default_locale: null,
    created_at: null,
    updated_at: null,
  };
  expect(mapArticle({ id: '39' })).toEqual(bare);
  expect(
    mapArticle({
      id: '39',
      title: ['wrong'],
      description: ['wrong'],
      state: ['wrong'],
      url: ['wrong'],
      author_id: ['wrong'],
      default_locale: ['wrong'],
      created_at: 'wrong',
      updated_at: 'wrong',
    }),
  ).toEqual(bare);
});

test.each([undefined, null, 'x', [], {}, { id: null }, { id: '' }])('leaves out %j', (payload) => {
  expect(mapArticle(payload)).toBeUndefined();
});
