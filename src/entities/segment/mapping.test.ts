import { expect, test } from 'vitest';
import { mapSegment } from './mapping.ts';

test('takes a whole object apart', () => {
  expect(
    mapSegment({
      type: 'segment',
      id: '6762f25c1bb69f9f2193bc22',
      name: 'Active',
      created_at: 1734537820,
      updated_at: 1734537821,
      person_type: 'user',
      count: 12,
    }),
  ).toEqual({
    id: '6762f25c1bb69f9f2193bc22',
    name: 'Active',
    person_type: 'user',
    count: 12,
    created_at: 1734537820,
    updated_at: 1734537821,
  });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  const bare = {
    id: '6762f25c1bb69f9f2193bc22',
    name: null,
    person_type: null,
    count: null,
    created_at: null,
    updated_at: null,
  };
  expect(mapSegment({ id: '6762f25c1bb69f9f2193bc22' })).toEqual(bare);
  expect(
    mapSegment({
      id: '6762f25c1bb69f9f2193bc22',
      name: ['wrong'],
      person_type: ['wrong'],
      count: 'wrong',
      created_at: 'wrong',
      updated_at: 'wrong',
    }),
  ).toEqual(bare);
});

test.each([undefined, null, 'x', [], {}, { id: null }, { id: '' }])('leaves out %j', (payload) => {
  expect(mapSegment(payload)).toBeUndefined();
});
