import { describe, expect, it } from 'vitest';
import { readNotification } from './read-notification.ts';

const read = (envelope: unknown) => readNotification(Buffer.from(JSON.stringify(envelope)));
const objects = (topic: string, item: unknown) =>
  read({ topic, data: { item } })?.objects.map(({ entity, id }) => `${entity} ${id}`);

describe('a notification', () => {
  it('says who, what and when', () => {
    const envelope = {
      type: 'notification_event',
      id: 'notif_1',
      topic: 'conversation.admin.replied',
      app_id: 'abc123',
      created_at: 1_790_000_000,
      data: { type: 'notification_event_data', item: { type: 'conversation', id: '215472856448646' } },
    };
    expect(read(envelope)).toEqual({
      id: 'notif_1',
      topic: 'conversation.admin.replied',
      appId: 'abc123',
      createdAt: 1_790_000_000,
      objects: [{ entity: 'conversations', id: '215472856448646' }],
    });
    expect(read({ ...envelope, created_at: null, first_sent_at: '2026-09-21T14:13:20.000Z' })).toMatchObject({
      createdAt: Date.parse('2026-09-21T14:13:20Z') / 1000,
    });
  });

  it.each([
    ['conversation.deleted', { type: 'conversation', id: 12 }, ['conversations 12']],
    ['conversation.deleted', { id: '12' }, ['conversations 12']],
    ['conversation_part.redacted', { type: 'conversation', id: '12' }, ['conversations 12']],
    [
      'conversation_part.tag.created',
      { type: 'conversation_part', id: '9', conversation_id: '12' },
      ['conversations 12'],
    ],
    ['conversation_part.tag.created', { type: 'conversation_part', id: '9' }, []],
    ['contact.user.created', { type: 'contact', id: '6657ad' }, ['contacts 6657ad']],
    ['contact.lead.updated', { type: 'lead', id: '6657ad' }, ['contacts 6657ad']],
    ['contact.merged', { id: '6657ad' }, ['contacts 6657ad']],
    [
      'contact.merged',
      { type: 'contact', id: '6657ad', merged_from: { type: 'contact', id: '6657ae' } },
      ['contacts 6657ad', 'contacts 6657ae'],
    ],
    [
      'contact.user.tag.created',
      { type: 'contact_tag', tag: { id: '1' }, contact: { id: '6657ad' } },
      ['contacts 6657ad'],
    ],
    [
      'company.contact.attached',
      { type: 'company_contact', company: { id: 'c1' }, contact: { id: '6657ad' } },
      ['contacts 6657ad', 'companies c1'],
    ],
    ['ticket.created', { type: 'ticket', id: '77' }, ['tickets 77', 'conversations 77']],
    ['ticket.closed', { ticket: { type: 'ticket', id: '77' } }, ['tickets 77', 'conversations 77']],
    ['article.published', { type: 'article', id: '5' }, ['articles 5']],
    ['mystery.happened', { type: 'mystery', id: '5' }, []],
    ['constructor', { type: 'toString', id: '5' }, []],
    ['conversation.read', { type: 'conversation', id: '../me' }, []],
    ['conversation.read', { type: 'conversation', id: '1'.repeat(200) }, []],
    ['conversation.read', { type: 'conversation', id: { $ne: 1 } }, []],
    ['conversation.read', null, []],
    ['conversation.read', [], []],
  ])('%s of %j is about %j', (topic, item, expected) => {
    expect(objects(topic, item)).toEqual(expected);
  });

  it.each(['', 'x', 'null', '[]', '3', '{}', '{"topic":3}', '{"topic":""}'])('is not %s', (text) => {
    expect(readNotification(Buffer.from(text))).toBeUndefined();
  });
});
