import { expect, test } from 'vitest';
import { mapCollection } from './mapping.ts';

test('takes a whole object apart', () => {
  expect(
    mapCollection({
      id: '159',
      name: 'Start',
      description: 'First steps',
      url: 'https://help.example.com/c',
      order: 17,
      created_at: 1734537309,
      updated_at: 1734537310,
      icon: 'bookmark',
      parent_id: '158',
      help_center_id: 79,
      default_locale: 'en',
    }),
  ).toEqual({
    id: '159',
    name: 'Start',
    description: 'First steps',
    url: 'https://help.example.com/c',
    parent_id: '158',
    help_center_id: '79',
    default_locale: 'en',
    created_at: 1734537309,
    updated_at: 1734537310,
  });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  const bare = {
    id: '159',
    name: null,
    description: null,
    url: null,
    parent_id: null,
    help_center_id: null,
    default_locale: null,
    created_at: null,
    updated_at: null,
  };
  expect(mapCollection({ id: '159' })).toEqual(bare);
  expect(
    mapCollection({
      id: '159',
      name: ['wrong'],
      description: ['wrong'],
      url: ['wrong'],
      parent_id: ['wrong'],
      help_center_id: ['wrong'],
      default_locale: ['wrong'],
      created_at: 'wrong',
      updated_at: 'wrong',
    }),
  ).toEqual(bare);
});

test.each([undefined, null, 'x', [], {}, { id: null }, { id: '' }])('leaves out %j', (payload) => {
  expect(mapCollection(payload)).toBeUndefined();
});
