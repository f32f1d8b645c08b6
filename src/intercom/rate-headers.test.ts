import { expect, test } from 'vitest';
import { pauseMs, rateReading } from './rate-headers.ts';

// Five minutes away from any local clock that runs this test (TRAPS T56).
const serverNowMs = Date.parse('2031-05-05T10:00:00Z');
const bounds = { minMs: 1_000, defaultMs: 10_000, maxMs: 60_000 };
const reset = (seconds: number): string => String(serverNowMs / 1_000 + seconds);

test.each([
  ['no header', {}, 10_000],
  ['reset ahead', { 'x-ratelimit-reset': reset(7) }, 7_000],
  ['reset in the past', { 'x-ratelimit-reset': reset(-300) }, 1_000],
  ['reset far away', { 'x-ratelimit-reset': reset(3_000) }, 60_000],
  ['Retry-After in seconds', { 'retry-after': '3', 'x-ratelimit-reset': reset(7) }, 3_000],
  ['Retry-After as a date', { 'retry-after': 'Mon, 05 May 2031 10:00:04 GMT' }, 4_000],
  ['Retry-After 0', { 'retry-after': '0' }, 1_000],
  ['Retry-After in the past', { 'retry-after': 'Mon, 05 May 2031 09:00:00 GMT' }, 1_000],
  ['Retry-After is nonsense', { 'retry-after': 'soon' }, 10_000],
  ['reset is nonsense', { 'x-ratelimit-reset': 'NaN' }, 10_000],
])('429 with %s', (_name, headers, expected) => {
  expect(pauseMs(new Headers(headers as Record<string, string>), serverNowMs, bounds)).toBe(expected);
});

test.each([
  [
    { 'x-ratelimit-limit': '166', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '100' },
    { limit: 166, remaining: 0, resetAtMs: 100_000 },
  ],
  [
    { 'x-ratelimit-limit': '166', 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': '100' },
    { limit: 166, remaining: 0, resetAtMs: 100_000 },
  ],
  [{ 'x-ratelimit-limit': '0', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '100' }, undefined],
  [{ 'x-ratelimit-limit': '', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '100' }, undefined],
  [{ 'x-ratelimit-limit': '166', 'x-ratelimit-remaining': 'x', 'x-ratelimit-reset': '100' }, undefined],
  [{}, undefined],
])('reads %j', (headers, expected) => {
  expect(rateReading(new Headers(headers as Record<string, string>))).toEqual(expected);
});
