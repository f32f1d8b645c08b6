import { expect, test } from 'vitest';
import { createRateWindow, type RateWindow } from './rate-window.ts';

const END = 20_000;

/** A window that has learnt a limit of 10 (9 of them ours), ends at END, and counts one call. */
const learnt = (): RateWindow => {
  const window = createRateWindow({ share: 0.9, windowMs: 10_000, guardMs: 75 });
  window.settle(window.charge(), { limit: 10, remaining: 9, resetAtMs: END });
  return window;
};

/** Charges until the window is blocked; how many went. */
const drain = (window: RateWindow): number => {
  let count = 0;
  while (window.blockedUntilMs() === undefined) {
    window.charge();
    count += 1;
  }
  return count;
};

test('there is no limit before the first header', () => {
  const window = createRateWindow({ share: 0.9, windowMs: 10_000, guardMs: 75 });
  for (let i = 0; i < 1_000; i += 1) window.charge();
  expect(window.blockedUntilMs()).toBeUndefined();
  expect(window.limit()).toBeUndefined();
});

test('lets the share go, then names the time when the next window is open', () => {
  const window = learnt();
  expect(drain(window)).toBe(8);
  expect(window.blockedUntilMs()).toBe(END + 75);
  window.advanceTo(END + 74);
  expect(window.blockedUntilMs()).toBe(END + 75);
});

test('a call in flight over the reset counts in the new window until its answer says otherwise', () => {
  const window = learnt();
  const inFlight = [window.charge(), window.charge(), window.charge()];
  window.advanceTo(END + 100);
  expect(window.remaining()).toBe(7);
  window.settle(inFlight[0] ?? 0, { limit: 10, remaining: 6, resetAtMs: END });
  expect(window.remaining()).toBe(8);
  window.settle(inFlight[1] ?? 0, { limit: 10, remaining: 8, resetAtMs: END + 10_000 });
  expect(window.remaining()).toBe(8);
  window.settle(inFlight[2] ?? 0);
  expect(window.remaining()).toBe(8);
  expect(drain(window)).toBe(7);
});

test('an answer from the next window opens it before the clock does', () => {
  const window = learnt();
  const inFlight = window.charge();
  window.settle(inFlight, { limit: 10, remaining: 9, resetAtMs: END + 10_000 });
  expect(window.resetAtMs()).toBe(END + 10_000);
  expect(drain(window)).toBe(8);
});

test('when the server says that the new window has not begun, the calls stay counted', () => {
  const window = learnt();
  drain(window);
  window.advanceTo(END + 100);
  const tooEarly = window.charge();
  window.settle(tooEarly, { limit: 10, remaining: 0, resetAtMs: END });
  expect(window.blockedUntilMs()).toBe(END + 75);
});

test('after a long rest the window is the one of now', () => {
  const window = learnt();
  window.advanceTo(END + 34_000);
  expect(window.resetAtMs()).toBe(END + 40_000);
  expect(drain(window)).toBe(9);
});

test('resets that wobble by a second are one window', () => {
  const window = learnt();
  for (let i = 0; i < 5; i += 1) {
    window.settle(window.charge(), { limit: 10, remaining: 8 - i, resetAtMs: END + (i % 2) * 1_000 });
  }
  expect(drain(window)).toBe(3);
});

test('a limit that changes counts from the answer that says so', () => {
  const window = learnt();
  window.settle(window.charge(), { limit: 4, remaining: 2, resetAtMs: END });
  expect(drain(window)).toBe(1);
});

test('even the smallest share lets one call go per window', () => {
  const window = createRateWindow({ share: 0.01, windowMs: 10_000, guardMs: 75 });
  window.settle(window.charge(), { limit: 10, remaining: 9, resetAtMs: END });
  expect(drain(window)).toBe(0);
  window.advanceTo(END + 75);
  expect(drain(window)).toBe(1);
});

test('keeps a small part of its share for urgent requests until near its end', () => {
  const window = createRateWindow({ share: 0.9, windowMs: 10_000, guardMs: 75 });
  window.settle(window.charge(), { limit: 100, remaining: 99, resetAtMs: END });
  for (let sent = 1; sent < 87; sent += 1) {
    expect(window.keptUntilMs(END - 9_000)).toBeUndefined();
    window.settle(window.charge(), { limit: 100, remaining: 99 - sent, resetAtMs: END });
  }
  expect(window.blockedUntilMs()).toBeUndefined();
  expect(window.keptUntilMs(END - 9_000)).toBe(END - 2_500);
  expect(window.keptUntilMs(END - 2_500)).toBeUndefined();
  window.advanceTo(END + 100);
  expect(window.keptUntilMs(END + 100)).toBeUndefined();
});

test('keeps nothing of a share that is small', () => {
  const window = learnt();
  drain(window);
  expect(window.keptUntilMs(END - 9_000)).toBeUndefined();
});
