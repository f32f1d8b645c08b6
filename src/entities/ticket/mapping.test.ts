import { describe, expect, test } from 'vitest';
import { mapTicket } from './mapping.ts';

const BARE = {
  ticket_id: null,
  ticket_type_id: null,
  ticket_type_name: null,
  category: null,
  ticket_state_id: null,
  state: null,
  title: null,
  description: null,
  open: null,
  is_shared: null,
  snoozed_until: null,
  admin_assignee_id: null,
  team_assignee_id: null,
  part_count: 0,
  parts_truncated: 0,
};

describe('a ticket', () => {
  test('is taken apart', () => {
    const ticket = {
      type: 'ticket',
      id: '633',
      ticket_id: '40',
      ticket_attributes: { _default_title_: 'Broken', _default_description_: 'It is broken', Plan: 'Pro' },
      ticket_state: { type: 'ticket_state', id: '8577', category: 'submitted', internal_label: 'New' },
      ticket_type: { type: 'ticket_type', id: '100', name: 'Bug', category: 'Back-office' },
      contacts: { type: 'contact.list', contacts: [{ type: 'contact', id: 'c1', external_id: null }] },
      admin_assignee_id: 991_267_715,
      team_assignee_id: 0,
      created_at: 1_734_537_990,
      updated_at: 1_734_537_992,
      ticket_parts: { type: 'ticket_part.list', ticket_parts: [{ id: '188' }], total_count: 3 },
      open: true,
      is_shared: false,
      snoozed_until: 1_734_538_000,
      category: 'Customer',
    };
    expect(mapTicket(ticket)).toEqual({
      times: { created_at: 1_734_537_990, updated_at: 1_734_537_992 },
      contactIds: ['c1'],
      columns: {
        id: '633',
        ticket_id: '40',
        ticket_type_id: '100',
        ticket_type_name: 'Bug',
        category: 'Customer',
        ticket_state_id: '8577',
        state: 'submitted',
        title: 'Broken',
        description: 'It is broken',
        open: 1,
        is_shared: 0,
        snoozed_until: 1_734_538_000,
        admin_assignee_id: '991267715',
        team_assignee_id: null,
        created_at: 1_734_537_990,
        updated_at: 1_734_537_992,
        part_count: 3,
        parts_truncated: 1,
      },
    });
  });

  test('of an older version has its state as a word and its assignees as text', () => {
    const { columns } = mapTicket({ id: 1, ticket_state: 'resolved', admin_assignee_id: '0' }) ?? {};
    expect(columns).toMatchObject({ id: '1', state: 'resolved', admin_assignee_id: null });
  });

  test('may miss nearly everything, or have it of another type', () => {
    const times = { created_at: 0, updated_at: 0 };
    expect(mapTicket({ id: '1' })?.columns).toEqual({ id: '1', ...BARE, ...times });
    const wrong = Object.fromEntries(
      [
        ...Object.keys(BARE),
        ...Object.keys(times),
        'ticket_type',
        'ticket_state',
        'ticket_parts',
        'contacts',
      ].map((name) => [name, ['wrong']]),
    );
    expect(mapTicket({ ...wrong, id: '1' })?.columns).toEqual({ id: '1', ...BARE, ...times });
  });

  test.each([undefined, null, 'x', [], {}, { id: 0 }])('%j is none', (payload) => {
    expect(mapTicket(payload)).toBeUndefined();
  });
});
