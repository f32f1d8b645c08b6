import { expect, test } from 'vitest';
import { hostOf, regionFrom } from './region.ts';

test('every region has its own host', () => {
  expect([hostOf('us'), hostOf('eu'), hostOf('au')]).toEqual([
    'https://api.intercom.io',
    'https://api.eu.intercom.io',
    'https://api.au.intercom.io',
  ]);
});

test.each([
  ['US', 'us'],
  ['eu', 'eu'],
  ['eu-west-1', 'eu'],
  [' AU ', 'au'],
  ['europe', undefined],
  ['', undefined],
  [null, undefined],
])('region %j is %j', (value, expected) => {
  expect(regionFrom(value)).toBe(expected);
});
