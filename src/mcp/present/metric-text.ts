import type { AnalyzeAnswer, ComparedValue, MetricValues } from '../../query/analytics-types.ts';
import { durationText } from '../../lib/duration.ts';
import { compact } from './compact.ts';

const PERCENT = 100;

const number = (value: number): string => String(Math.round(value * PERCENT) / PERCENT);

/** A number in its unit: durations in words, shares in percent. */
export const inUnit = (value: number | null | undefined, unit: string): string => {
  if (value === null || value === undefined) return 'none';
  if (unit === 'seconds') return durationText(value);
  return unit === 'share' ? `${Math.round(value * 1_000) / 10} %` : number(value);
};

const comparison = ({ change, previous }: ComparedValue, unit: string): string => {
  if (previous === undefined) return '';
  const by =
    change === null || change === undefined
      ? ''
      : `, ${change > 0 ? '+' : ''}${Math.round(change * 1_000) / 10} %`;
  return ` (before ${inUnit(previous, unit)}${by})`;
};

const spread = ({ mean, median, p90 }: ComparedValue, unit: string, statistic: string): string => {
  if (median === undefined || statistic === 'mean') return '';
  const others = statistic === 'median' ? { p90, mean } : { mean, median, p90 };
  const words = Object.entries(others).map(([name, value]) => `${name} ${inUnit(value, unit)}`);
  return ` (${words.join(', ')})`;
};

/** How many a number is made of, and what it leaves out. */
const basis = ({ excluded, n, unknown }: ComparedValue, statistic: string): string => {
  const facts = [
    ...(statistic === 'count' ? [] : [`n ${n}`]),
    ...(excluded > 0 ? [`excluded ${excluded}`] : []),
    ...(unknown === undefined ? [] : [`unknown ${unknown}`]),
  ];
  return facts.length === 0 ? '' : ` [${facts.join(', ')}]`;
};

/** `created 12 (before 10, +20 %); first_response_time 5m (p90 1h, mean 9m) [n 10, excluded 2]` */
export const metricsText = (values: MetricValues, definitions: AnalyzeAnswer['definitions']): string =>
  definitions
    .map(({ metric, statistic, unit }) => {
      const value = values[metric];
      if (value === undefined) return '';
      const shown = inUnit(value.value, unit);
      return `${metric} ${shown}${spread(value, unit, statistic)}${comparison(value, unit)}${basis(value, statistic)}`;
    })
    .join('; ');

/** The same as data: what a statistic does not have is left out. */
export const metricsData = (values: MetricValues): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([name, { value, ...others }]) => [
      name,
      { value, ...compact({ ...others }) },
    ]),
  );
