import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextUnit, unitName, ZoneClock } from './zone-clock.ts';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
];
const START = 1_500_000_000;
const END = 1_800_000_000;

/** The platform's own words for a time in a zone. */
const parts = (seconds: number, timeZone: string): Record<string, string> =>
  Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      weekday: 'long',
    })
      .formatToParts(seconds * 1000)
      .map(({ type, value }) => [type, value]),
  );

test.each(ZONES)('units of times in %s are those of the platform', (zone) => {
  const clock = new ZoneClock(zone, START, END);
  fc.assert(
    fc.property(fc.integer({ min: START, max: END - 1 }), (seconds) => {
      const { day, hour, month, weekday, year } = parts(seconds, zone);
      const name = (unit: Parameters<typeof unitName>[1]) => unitName(clock.unit(seconds, unit), unit);
      expect(name('hour')).toBe(`${hour}:00`);
      expect(name('weekday')).toBe(weekday);
      expect(name('day')).toBe(`${year}-${month}-${day}`);
      expect(name('month')).toBe(`${year}-${month}`);
      for (const unit of ['hour', 'weekday', 'day', 'week', 'month'] as const) {
        const { from, until, value } = clock.unitSpan(seconds, unit);
        expect(seconds).toBeGreaterThanOrEqual(from);
        expect(seconds).toBeLessThan(until);
        for (const time of [seconds, from, until - 1]) expect(clock.unit(time, unit)).toBe(value);
      }
      const monday = clock.unit(seconds, 'week');
      expect(new Date(`${unitName(monday, 'week')}T00:00:00Z`).getUTCDay()).toBe(1);
      expect(clock.unit(seconds, 'day') - monday).toBe(clock.unit(seconds, 'weekday'));
    }),
    { seed: 11, numRuns: 300 },
  );
});

test('units follow each other', () => {
  expect(unitName(nextUnit(2026 * 12 + 11, 'month'), 'month')).toBe('2027-01');
  expect(unitName(nextUnit(0, 'week'), 'week')).toBe('1970-01-08');
  expect(unitName(-1, 'day')).toBe('1969-12-31');
});
