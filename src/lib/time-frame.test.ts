import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveDate, resolveTimeFrame, TIME_FRAME_FORMS } from './time-frame.ts';
import { isTimeZone, startOfZonedDay, zonedDayOf } from './time-zone.ts';

const NOW = Date.parse('2026-11-24T10:30:00Z');
const iso = (words: string, zone = 'UTC', now = NOW) => {
  const frame = resolveTimeFrame(words, now, zone);
  return (
    frame && [
      new Date(frame.start * 1000).toISOString().slice(0, 16),
      new Date(frame.end * 1000).toISOString().slice(0, 16),
    ]
  );
};

describe('resolveTimeFrame', () => {
  it.each([
    ['today', '2026-11-24T00:00', '2026-11-25T00:00'],
    ['Yesterday', '2026-11-23T00:00', '2026-11-24T00:00'],
    ['last 7 days', '2026-11-18T00:00', '2026-11-25T00:00'],
    ['past 1 day', '2026-11-24T00:00', '2026-11-25T00:00'],
    ['last 24 hours', '2026-11-23T10:30', '2026-11-24T10:30'],
    ['last 2 weeks', '2026-11-11T00:00', '2026-11-25T00:00'],
    ['last 1 month', '2026-10-25T00:00', '2026-11-25T00:00'],
    ['this  week', '2026-11-23T00:00', '2026-11-30T00:00'],
    ['last week', '2026-11-16T00:00', '2026-11-23T00:00'],
    ['this month', '2026-11-01T00:00', '2026-12-01T00:00'],
    ['last month', '2026-10-01T00:00', '2026-11-01T00:00'],
    ['last quarter', '2026-07-01T00:00', '2026-10-01T00:00'],
    ['last year', '2025-01-01T00:00', '2026-01-01T00:00'],
    ['2026', '2026-01-01T00:00', '2027-01-01T00:00'],
    ['2026-q3', '2026-07-01T00:00', '2026-10-01T00:00'],
    ['2026-09', '2026-09-01T00:00', '2026-10-01T00:00'],
    ['2026-12', '2026-12-01T00:00', '2027-01-01T00:00'],
    ['2026-09-14', '2026-09-14T00:00', '2026-09-15T00:00'],
    ['2026-09-01..2026-09-15', '2026-09-01T00:00', '2026-09-16T00:00'],
  ])('%s', (words, start, end) => {
    expect(iso(words)).toEqual([start, end]);
  });

  it.each([
    '',
    'soon',
    'last',
    'last 0 days',
    'last x days',
    '2026-13',
    '2026-02-30',
    '2026-09-15..2026-09-01',
    'last 99999999 days',
  ])('does not know %j', (words) => {
    expect(iso(words)).toBeUndefined();
  });

  it('knows every form that it names', () => {
    for (const form of TIME_FRAME_FORMS) expect(iso(form), form).toBeDefined();
  });

  it('counts days in the zone, also when a clock change falls into them', () => {
    expect(iso('today', 'America/Los_Angeles')).toEqual(['2026-11-24T08:00', '2026-11-25T08:00']);
    expect(iso('last 7 days', 'America/Los_Angeles', Date.parse('2026-11-03T20:00:00Z'))).toEqual([
      '2026-10-28T07:00',
      '2026-11-04T08:00',
    ]);
    expect(iso('today', 'Asia/Kathmandu')).toEqual(['2026-11-23T18:15', '2026-11-24T18:15']);
  });
});

describe('resolveDate', () => {
  it('takes days, times and seconds', () => {
    expect(resolveDate('2026-09-14', 'UTC', 'start')).toBe(Date.parse('2026-09-14T00:00Z') / 1000);
    expect(resolveDate('2026-09-14', 'UTC', 'end')).toBe(Date.parse('2026-09-15T00:00Z') / 1000);
    expect(resolveDate('2026-09-14T08:00:00+02:00', 'UTC', 'start')).toBe(
      Date.parse('2026-09-14T06:00Z') / 1000,
    );
    expect(resolveDate('2026-09-14T08:00', 'Europe/Berlin', 'start')).toBe(
      Date.parse('2026-09-14T06:00Z') / 1000,
    );
    expect(resolveDate('1789000000', 'UTC', 'start')).toBe(1_789_000_000);
    for (const bad of ['', 'x', '2026-02-31', '2026-1', '14.9.2026'])
      expect(resolveDate(bad, 'UTC', 'start'), bad).toBeUndefined();
  });
});

describe('startOfZonedDay', () => {
  it('is the first instant of its day, in every zone and season', () => {
    const zones = [
      'UTC',
      'America/Los_Angeles',
      'Australia/Sydney',
      'Asia/Kathmandu',
      'America/Sao_Paulo',
      'Africa/Cairo',
      'Pacific/Apia',
    ];
    const time = fc.integer({ min: Date.parse('2005-01-01'), max: Date.parse('2035-01-01') });
    fc.assert(
      fc.property(fc.constantFrom(...zones), time, (zone, ms) => {
        const day = zonedDayOf(ms, zone);
        const start = startOfZonedDay(day, zone);
        expect(zonedDayOf(start, zone)).toEqual(day);
        expect(zonedDayOf(start - 1, zone)).not.toEqual(day);
      }),
      { seed: 3, numRuns: 700 },
    );
  });

  it('knows zones by name', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
  });
});
