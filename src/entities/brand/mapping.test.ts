import { expect, test } from 'vitest';
import { mapBrand } from './mapping.ts';

test('takes a whole object apart', () => {
  expect(
    mapBrand({
      type: 'brand',
      id: 'tlkp1d91',
      name: 'Default Brand',
      is_default: true,
      created_at: 1673778600,
      updated_at: 1711031100,
      help_center_id: '11',
      default_address_settings_id: '13',
    }),
  ).toEqual({
    id: 'tlkp1d91',
    name: 'Default Brand',
    is_default: 1,
    help_center_id: '11',
    created_at: 1673778600,
    updated_at: 1711031100,
  });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  const bare = {
    id: 'tlkp1d91',
    name: null,
    is_default: null,
    help_center_id: null,
    created_at: null,
    updated_at: null,
  };
  expect(mapBrand({ id: 'tlkp1d91' })).toEqual(bare);
  expect(
    mapBrand({
      id: 'tlkp1d91',
      name: ['wrong'],
      is_default: 'wrong',
      help_center_id: ['wrong'],
      created_at: 'wrong',
      updated_at: 'wrong',
    }),
  ).toEqual(bare);
});

test.each([undefined, null, 'x', [], {}, { id: null }, { id: '' }])('leaves out %j', (payload) => {
  expect(mapBrand(payload)).toBeUndefined();
});
