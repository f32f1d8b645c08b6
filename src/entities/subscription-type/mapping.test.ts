import { expect, test } from 'vitest';
import { mapSubscriptionType } from './mapping.ts';

test('takes a whole object apart', () => {
  expect(
    mapSubscriptionType({
      type: 'subscription',
      id: '135',
      state: 'live',
      consent_type: 'opt_out',
      default_translation: { name: 'Newsletters', locale: 'en' },
      translations: [],
      content_types: ['email'],
    }),
  ).toEqual({ id: '135', name: 'Newsletters', state: 'live', consent_type: 'opt_out' });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  const bare = { id: '135', name: null, state: null, consent_type: null };
  expect(mapSubscriptionType({ id: '135' })).toEqual(bare);
  expect(
    mapSubscriptionType({
      id: '135',
      default_translation: ['wrong'],
      state: ['wrong'],
      consent_type: ['wrong'],
    }),
  ).toEqual(bare);
});

test.each([undefined, null, 'x', [], {}, { id: null }, { id: '' }])('leaves out %j', (payload) => {
  expect(mapSubscriptionType(payload)).toBeUndefined();
});
