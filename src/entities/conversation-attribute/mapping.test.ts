import { expect, test } from 'vitest';
import { mapConversationAttribute } from './mapping.ts';

test('takes a whole object apart', () => {
  expect(
    mapConversationAttribute({
      type: 'conversation_attribute',
      id: 3,
      name: 'Plan',
      description: 'Which plan',
      data_type: 'string',
      required: true,
      archived: false,
      created_at: 1777473061,
      updated_at: 1777473062,
      admin_id: '16',
    }),
  ).toEqual({
    object_key: '3',
    id: '3',
    name: 'Plan',
    description: 'Which plan',
    data_type: 'string',
    required: 1,
    archived: 0,
    created_at: 1777473061,
    updated_at: 1777473062,
  });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  const bare = {
    object_key: 'name:Plan',
    id: null,
    name: 'Plan',
    description: null,
    data_type: null,
    required: null,
    archived: null,
    created_at: null,
    updated_at: null,
  };
  expect(mapConversationAttribute({ name: 'Plan' })).toEqual(bare);
  expect(
    mapConversationAttribute({
      name: 'Plan',
      description: ['wrong'],
      data_type: ['wrong'],
      required: 'wrong',
      archived: 'wrong',
      created_at: 'wrong',
      updated_at: 'wrong',
    }),
  ).toEqual(bare);
});

test.each([undefined, null, 'x', [], {}, { id: null }, { id: '' }])('leaves out %j', (payload) => {
  expect(mapConversationAttribute(payload)).toBeUndefined();
});
