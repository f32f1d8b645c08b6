import { expect, test } from 'vitest';
import { mapTicketState } from './mapping.ts';

test('takes a whole object apart', () => {
  expect(
    mapTicketState({
      type: 'ticket_state',
      id: '8269',
      category: 'submitted',
      internal_label: 'Submitted',
      external_label: 'Sent',
      archived: false,
    }),
  ).toEqual({
    id: '8269',
    category: 'submitted',
    internal_label: 'Submitted',
    external_label: 'Sent',
    archived: 0,
  });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  const bare = { id: '8269', category: null, internal_label: null, external_label: null, archived: null };
  expect(mapTicketState({ id: '8269' })).toEqual(bare);
  expect(
    mapTicketState({
      id: '8269',
      category: ['wrong'],
      internal_label: ['wrong'],
      external_label: ['wrong'],
      archived: 'wrong',
    }),
  ).toEqual(bare);
});

test.each([undefined, null, 'x', [], {}, { id: null }, { id: '' }])('leaves out %j', (payload) => {
  expect(mapTicketState(payload)).toBeUndefined();
});
