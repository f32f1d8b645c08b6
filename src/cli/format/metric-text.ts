import type { ComparedValue } from '../../app/ask-mirror.ts';
import { durationText } from '../../lib/duration.ts';
import { count } from './words.ts';

const inUnit = (value: number | null | undefined, unit: string): string => {
  if (value === null || value === undefined) return '–';
  if (unit === 'seconds') return durationText(value);
  return unit === 'share' ? `${Math.round(value * 1_000) / 10} %` : count(Math.round(value * 100) / 100);
};

/** A metric in a cell of a table: `1h 20m (p90 3h)`, `83.3 % of 12 (80 %)`. */
export const valueText = (value: ComparedValue | undefined, unit: string, statistic: string): string => {
  if (value === undefined) return '–';
  const p90 = statistic === 'median' && value.value !== null ? ` p90 ${inUnit(value.p90, unit)}` : '';
  const of = statistic === 'share' ? ` of ${count(value.n)}` : '';
  const before = value.previous === undefined ? '' : ` (${inUnit(value.previous, unit)})`;
  return `${inUnit(value.value, unit)}${p90}${of}${before}`;
};
