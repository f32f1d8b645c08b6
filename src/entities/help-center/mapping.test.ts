import { expect, test } from 'vitest';
import { mapHelpCenter } from './mapping.ts';

test('takes a whole object apart', () => {
  expect(
    mapHelpCenter({
      id: '123',
      workspace_id: 'abc',
      created_at: 1734537283,
      updated_at: 1734537284,
      identifier: 'help',
      website_turned_on: true,
      display_name: 'Help',
      url: 'https://help.example.com',
      custom_domain: 'help.example.com',
      default: true,
      locales: ['en'],
    }),
  ).toEqual({
    id: '123',
    identifier: 'help',
    display_name: 'Help',
    url: 'https://help.example.com',
    custom_domain: 'help.example.com',
    is_default: 1,
    website_turned_on: 1,
    created_at: 1734537283,
    updated_at: 1734537284,
  });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  const bare = {
    id: '123',
    identifier: null,
    display_name: null,
    url: null,
    custom_domain: null,
    is_default: null,
    website_turned_on: null,
    created_at: null,
    updated_at: null,
  };
  expect(mapHelpCenter({ id: '123' })).toEqual(bare);
  expect(
    mapHelpCenter({
      id: '123',
      identifier: ['wrong'],
      display_name: ['wrong'],
      url: ['wrong'],
      custom_domain: ['wrong'],
      default: 'wrong',
      website_turned_on: 'wrong',
      created_at: 'wrong',
      updated_at: 'wrong',
    }),
  ).toEqual(bare);
});

test.each([undefined, null, 'x', [], {}, { id: null }, { id: '' }])('leaves out %j', (payload) => {
  expect(mapHelpCenter(payload)).toBeUndefined();
});
