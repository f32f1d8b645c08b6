import { AppError } from '../errors/app-error.ts';
import { resolveDate, resolveTimeFrame, TIME_FRAME_FORMS } from '../lib/time-frame.ts';
import { isTimeZone } from '../lib/time-zone.ts';
import type { SearchInput } from './types.ts';

/** A half-open span in Unix seconds. */
export interface TimeBounds {
  readonly start?: number;
  readonly end?: number;
}

/** The zone that days are counted in: the caller's, else the workspace's. @throws AppError ARGUMENT_INVALID */
export const zoneOf = (input: SearchInput, workspaceZone: string): string => {
  const zone = input.time_zone ?? workspaceZone;
  if (isTimeZone(zone)) return zone;
  if (input.time_zone === undefined) return 'UTC';
  throw new AppError(
    'ARGUMENT_INVALID',
    `time_zone "${zone.slice(0, 60)}" is not a known time zone; write one like Europe/Berlin.`,
  );
};

const dateBound = (name: 'start_date' | 'end_date', value: string, zone: string): number => {
  const time = resolveDate(value, zone, name === 'start_date' ? 'start' : 'end');
  if (time === undefined) {
    throw new AppError(
      'ARGUMENT_INVALID',
      `${name} "${value.slice(0, 60)}" is not a date; write 2026-09-14 or 2026-09-14T08:00:00Z.`,
    );
  }
  return time;
};

/**
 * Words and dates → seconds. `timeframe` and the dates together mean the part that they share.
 * @throws AppError TIMEFRAME_UNKNOWN, ARGUMENT_INVALID
 */
export const timeBounds = (input: SearchInput, zone: string, nowMs: number): TimeBounds | undefined => {
  const starts: number[] = [];
  const ends: number[] = [];
  if (input.timeframe !== undefined && input.timeframe.trim() !== '') {
    const frame = resolveTimeFrame(input.timeframe, nowMs, zone);
    if (frame === undefined) {
      throw new AppError(
        'TIMEFRAME_UNKNOWN',
        `"${input.timeframe.slice(0, 60)}" is not a known time frame.`,
        {
          remedy: `Use one of: ${TIME_FRAME_FORMS.join(', ')}; or start_date and end_date.`,
        },
      );
    }
    starts.push(frame.start);
    ends.push(frame.end);
  }
  if (input.start_date !== undefined) starts.push(dateBound('start_date', input.start_date, zone));
  if (input.end_date !== undefined) ends.push(dateBound('end_date', input.end_date, zone));
  if (starts.length === 0 && ends.length === 0) return undefined;
  return {
    ...(starts.length > 0 ? { start: Math.max(...starts) } : {}),
    ...(ends.length > 0 ? { end: Math.min(...ends) } : {}),
  };
};
