import { sliceElements } from '../../lib/json/slice-json.ts';
import { asFilledText, asFlag, asId, asNumber, asObject, asTime } from '../../lib/read-json.ts';
import type { MappedEvaluations, MappedMonitorEvaluation, MappedScorecard } from './table.ts';

/**
 * Parameters of POST /conversations/search, from version 2.16 on: what QA monitors and scorecards found in a conversation
 * comes with it (API-FACTS 5.1).
 */
export const EVALUATION_QUERY = { include_monitors: 'true', include_scorecards: 'true' } as const;

/** Keys that these parameters add to a list item. */
export const EVALUATION_KEYS = ['monitor_evaluations', 'scorecards'] as const;

const mapMonitor = (json: string): MappedMonitorEvaluation => {
  const evaluation = asObject(JSON.parse(json));
  return {
    monitor_id: asId(evaluation.monitor_id),
    monitor_name: asFilledText(evaluation.monitor_name),
    monitor_type: asFilledText(evaluation.monitor_type),
    result: asFilledText(evaluation.result),
    explanation: asFilledText(evaluation.explanation),
    evaluated_at: asTime(evaluation.evaluated_at),
    json,
  };
};

const mapScorecard = (json: string): MappedScorecard => {
  const scorecard = asObject(JSON.parse(json));
  const teammate = asObject(scorecard.reviewed_teammate);
  return {
    scorecard_id: asId(scorecard.scorecard_id),
    scorecard_version_id: asId(scorecard.scorecard_version_id),
    name: asFilledText(scorecard.name),
    scorecard_type: asFilledText(scorecard.scorecard_type),
    passed: asFlag(scorecard.passed),
    score: asNumber(scorecard.score),
    ai_score: asNumber(scorecard.ai_score),
    evaluated_at: asTime(scorecard.evaluated_at),
    reviewed_type: asFilledText(teammate.type),
    reviewed_admin_id: asId(teammate.admin_id),
    json,
  };
};

const listOf = <T>(list: string | undefined, map: (json: string) => T) => {
  if (list?.startsWith('[') !== true) return undefined;
  return sliceElements(list).map(map);
};

/**
 * @param lists JSON of what stands under each of {@link EVALUATION_KEYS}
 * @returns undefined where the answer shows neither list: nobody asked, or they may not be read
 */
export const mapEvaluations = (lists: ReadonlyMap<string, string>): MappedEvaluations | undefined => {
  const monitors = listOf(lists.get('monitor_evaluations'), mapMonitor);
  const scorecards = listOf(lists.get('scorecards'), mapScorecard);
  if (monitors === undefined && scorecards === undefined) return undefined;
  return { ...(monitors && { monitors }), ...(scorecards && { scorecards }) };
};
