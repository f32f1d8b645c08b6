import { describe, expect, it } from 'vitest';
import { trendSpans } from './trend-spans.ts';

const ZONE = 'Europe/Berlin';
/** A Wednesday, three days after the clocks were put forward. */
const NOW = Date.parse('2026-04-01T10:00:00Z');
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 16);

const spans = (input: Parameters<typeof trendSpans>[0]) => {
  const { baseline, window } = trendSpans(input, ZONE, NOW);
  return [iso(window.start), iso(window.end), iso(baseline.start), iso(baseline.end)].join(' ');
};

describe('what is compared with what', () => {
  it.each([
    [{}, '2026-03-25T23:00 2026-04-01T22:00 2026-02-25T23:00 2026-03-25T23:00'],
    [{ baseline: 'previous' }, '2026-03-25T23:00 2026-04-01T22:00 2026-03-18T23:00 2026-03-25T23:00'],
    [{ baseline: ' 2  Weeks ' }, '2026-03-25T23:00 2026-04-01T22:00 2026-03-11T23:00 2026-03-25T23:00'],
    [{ baseline: '1 month' }, '2026-03-25T23:00 2026-04-01T22:00 2026-02-25T23:00 2026-03-25T23:00'],
    [{ baseline: '2 spans' }, '2026-03-25T23:00 2026-04-01T22:00 2026-03-11T23:00 2026-03-25T23:00'],
    [{ baseline: '2025-03' }, '2026-03-25T23:00 2026-04-01T22:00 2025-02-28T23:00 2025-03-31T22:00'],
    // A short window has a baseline of four weeks, a long one of four times its length.
    [{ timeframe: 'yesterday' }, '2026-03-30T22:00 2026-03-31T22:00 2026-03-02T23:00 2026-03-30T22:00'],
    [{ timeframe: 'last 24 hours' }, '2026-03-31T10:00 2026-04-01T10:00 2026-03-03T10:00 2026-03-31T10:00'],
    [
      { timeframe: '2026-03-01..2026-03-10' },
      '2026-02-28T23:00 2026-03-10T23:00 2026-01-19T23:00 2026-02-28T23:00',
    ],
    // What is not over ends with today; a baseline that overlaps ends where the window begins.
    [{ timeframe: 'this week' }, '2026-03-29T22:00 2026-04-01T22:00 2026-03-01T23:00 2026-03-29T22:00'],
    [
      { timeframe: 'this week', baseline: '2026-03' },
      '2026-03-29T22:00 2026-04-01T22:00 2026-02-28T23:00 2026-03-29T22:00',
    ],
    [{ start_date: '2026-03-30' }, '2026-03-29T22:00 2026-04-01T22:00 2026-03-01T23:00 2026-03-29T22:00'],
  ])('%j', (input, expected) => {
    expect(spans(input)).toBe(expected);
  });

  it.each([
    [{ baseline: 'yore' }, 'TIMEFRAME_UNKNOWN'],
    [{ baseline: '0 days' }, 'TIMEFRAME_UNKNOWN'],
    [{ baseline: 'today' }, 'ARGUMENT_INVALID'],
    [{ baseline: '9999 days' }, 'ARGUMENT_INVALID'],
    [{ timeframe: 'last 2 years' }, 'ARGUMENT_INVALID'],
    [{ end_date: '2026-01-01' }, 'ARGUMENT_INVALID'],
    [{ start_date: '2026-02-02', end_date: '2026-01-01' }, 'ARGUMENT_INVALID'],
  ])('%j is refused', (input, code) => {
    expect(() => spans(input)).toThrow(expect.objectContaining({ code }));
  });
});
