import { METRICS } from '../data/analytics/metrics.ts';

/** What each metric of `analyzeConversations` means. */
export const METRIC_DEFINITIONS = Object.entries(METRICS).map(
  ([metric, { definition, statistic, unit }]) => ({
    metric,
    unit,
    statistic,
    definition,
  }),
);
