import { expect, test } from 'vitest';
import { mapMacro } from './mapping.ts';

test('takes a whole object apart', () => {
  expect(
    mapMacro({
      type: 'macro',
      id: '123',
      name: 'Status',
      body: '<p>Hi</p>',
      body_text: 'Hi',
      created_at: '2025-07-17T11:18:08.000Z',
      updated_at: '2025-07-17T15:30:24.000Z',
      visible_to: 'everyone',
      visible_to_team_ids: [],
      available_on: ['inbox'],
    }),
  ).toEqual({
    id: '123',
    name: 'Status',
    visible_to: 'everyone',
    created_at: 1752751088,
    updated_at: 1752766224,
  });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  const bare = { id: '123', name: null, visible_to: null, created_at: null, updated_at: null };
  expect(mapMacro({ id: '123' })).toEqual(bare);
  expect(
    mapMacro({ id: '123', name: ['wrong'], visible_to: ['wrong'], created_at: 'wrong', updated_at: 'wrong' }),
  ).toEqual(bare);
});

test.each([undefined, null, 'x', [], {}, { id: null }, { id: '' }])('leaves out %j', (payload) => {
  expect(mapMacro(payload)).toBeUndefined();
});
