import { expect, test } from 'vitest';
import { mapOfficeHoursSchedule } from './mapping.ts';

test('takes a whole object apart', () => {
  expect(
    mapOfficeHoursSchedule({
      type: 'office_hours_schedule',
      id: '123',
      name: 'Standard',
      time_zone_name: 'America/New_York',
      time_intervals: [{ start_minute: 540, end_minute: 1020 }],
      twenty_four_seven: false,
      created_at: 1717200000,
      updated_at: 1717200001,
    }),
  ).toEqual({
    id: '123',
    name: 'Standard',
    time_zone_name: 'America/New_York',
    twenty_four_seven: 0,
    created_at: 1717200000,
    updated_at: 1717200001,
  });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  const bare = {
    id: '123',
    name: null,
    time_zone_name: null,
    twenty_four_seven: null,
    created_at: null,
    updated_at: null,
  };
  expect(mapOfficeHoursSchedule({ id: '123' })).toEqual(bare);
  expect(
    mapOfficeHoursSchedule({
      id: '123',
      name: ['wrong'],
      time_zone_name: ['wrong'],
      twenty_four_seven: 'wrong',
      created_at: 'wrong',
      updated_at: 'wrong',
    }),
  ).toEqual(bare);
});

test.each([undefined, null, 'x', [], {}, { id: null }, { id: '' }])('leaves out %j', (payload) => {
  expect(mapOfficeHoursSchedule(payload)).toBeUndefined();
});
