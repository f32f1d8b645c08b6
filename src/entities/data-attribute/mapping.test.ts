import { expect, test } from 'vitest';
import { mapDataAttribute } from './mapping.ts';

test('takes a whole object apart', () => {
  expect(
    mapDataAttribute({
      type: 'data_attribute',
      id: 12878,
      model: 'company',
      name: 'paid',
      full_name: 'custom_attributes.paid',
      label: 'Paid',
      description: 'Has paid',
      data_type: 'boolean',
      custom: true,
      archived: false,
      api_writable: true,
      created_at: 1671028894,
      updated_at: 1671028895,
    }),
  ).toEqual({
    object_key: 'company:12878',
    id: '12878',
    model: 'company',
    name: 'paid',
    full_name: 'custom_attributes.paid',
    label: 'Paid',
    description: 'Has paid',
    data_type: 'boolean',
    custom: 1,
    archived: 0,
    created_at: 1671028894,
    updated_at: 1671028895,
  });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  const bare = {
    object_key: 'contact:email',
    id: null,
    model: 'contact',
    name: 'email',
    full_name: 'email',
    label: null,
    description: null,
    data_type: null,
    custom: null,
    archived: null,
    created_at: null,
    updated_at: null,
  };
  expect(mapDataAttribute({ model: 'contact', name: 'email' })).toEqual(bare);
  expect(
    mapDataAttribute({
      model: 'contact',
      name: 'email',
      label: ['wrong'],
      description: ['wrong'],
      data_type: ['wrong'],
      custom: 'wrong',
      archived: 'wrong',
      created_at: 'wrong',
      updated_at: 'wrong',
    }),
  ).toEqual(bare);
});

test.each([undefined, null, 'x', [], {}, { id: null }, { id: '' }])('leaves out %j', (payload) => {
  expect(mapDataAttribute(payload)).toBeUndefined();
});
