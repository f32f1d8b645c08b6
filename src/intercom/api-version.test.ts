import { expect, test } from 'vitest';
import { isAtLeast } from './api-version.ts';

test.each([
  ['2.16', true],
  ['2.17', true],
  ['3.0', true],
  ['Preview', true],
  ['Unstable', true],
  ['2.15', false],
  ['2.9', false],
  ['1.0', false],
])('%s is at least 2.16: %s', (version, expected) => {
  expect(isAtLeast(version, 2, 16)).toBe(expected);
});
