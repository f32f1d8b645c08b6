import { expect, test } from 'vitest';
import { backoffMs, sleep } from './retry.ts';

test('backoff doubles, is capped and uses the whole range below', () => {
  const top = (attempt: number): number => backoffMs(attempt, 500, 30_000, () => 1);
  expect([1, 2, 3, 6, 7, 8, 60].map(top)).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000]);
  expect(backoffMs(5, 500, 30_000, () => 0)).toBe(0);
});

test('sleep ends at once with the reason of the signal', async () => {
  const controller = new AbortController();
  const sleeping = sleep(60_000, controller.signal);
  controller.abort('enough');
  await expect(sleeping).rejects.toBe('enough');
  await expect(sleep(60_000, controller.signal)).rejects.toBe('enough');
});
