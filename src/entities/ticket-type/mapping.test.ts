import { expect, test } from 'vitest';
import { mapTicketType } from './mapping.ts';

test('takes a whole object apart', () => {
  expect(
    mapTicketType({
      type: 'ticket_type',
      id: '67',
      name: 'Bug Report',
      description: 'Bug Report Template',
      icon: '🎟️',
      category: 'Customer',
      archived: false,
      is_internal: true,
      created_at: 1734537866,
      updated_at: 1734537867,
    }),
  ).toEqual({
    id: '67',
    name: 'Bug Report',
    description: 'Bug Report Template',
    category: 'Customer',
    icon: '🎟️',
    archived: 0,
    is_internal: 1,
    created_at: 1734537866,
    updated_at: 1734537867,
  });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  const bare = {
    id: '67',
    name: null,
    description: null,
    category: null,
    icon: null,
    archived: null,
    is_internal: null,
    created_at: null,
    updated_at: null,
  };
  expect(mapTicketType({ id: '67' })).toEqual(bare);
  expect(
    mapTicketType({
      id: '67',
      name: ['wrong'],
      description: ['wrong'],
      category: ['wrong'],
      icon: ['wrong'],
      archived: 'wrong',
      is_internal: 'wrong',
      created_at: 'wrong',
      updated_at: 'wrong',
    }),
  ).toEqual(bare);
});

test.each([undefined, null, 'x', [], {}, { id: null }, { id: '' }])('leaves out %j', (payload) => {
  expect(mapTicketType(payload)).toBeUndefined();
});
