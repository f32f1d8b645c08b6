import { z } from 'zod';

const frame = z.strictObject({
  relative: z.unknown().optional(),
  start_date: z.unknown().optional(),
  end_date: z.unknown().optional(),
});

/** The object form `{start_date, end_date, relative}` of a time frame (CONTRACT "Time"). */
export const timeFrameAlias = (value: unknown): Record<string, unknown> => {
  const { data } = frame.safeParse(value);
  return data === undefined
    ? { timeframe: value }
    : { timeframe: data.relative, start_date: data.start_date, end_date: data.end_date };
};
