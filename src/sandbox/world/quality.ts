import type { JsonObject } from '../world.ts';

/** What QA found in a conversation; shown by a search that asks for it (API-FACTS 5.1). */
export interface Quality {
  readonly monitor_evaluations: JsonObject[];
  readonly scorecards: JsonObject[];
}

const EVERY = 4;

const monitorEvaluation = (flagged: boolean, at: number): JsonObject => ({
  monitor_id: '301',
  monitor_name: 'Tone',
  monitor_type: 'custom',
  result: flagged ? 'flagged' : 'passed',
  explanation: 'The answer was short.',
  evaluated_at: at,
});

const scorecard = (passed: boolean, at: number): JsonObject => ({
  scorecard_id: '401',
  scorecard_version_id: '4011',
  name: 'Support quality',
  scorecard_type: 'qa',
  passed,
  score: 0.75,
  ai_score: null,
  evaluated_at: at,
  reviewed_teammate: { type: 'ai', admin_id: null },
  evaluators: [
    {
      evaluator_id: '501',
      result: { value: 'yes', source: 'ai', reasoning: null, reason_ids: [], other_text: null },
    },
  ],
});

/** Of a quarter of all conversations an evaluation, of another quarter a scorecard. */
export const qualityOf = (id: string, at: number): Quality => {
  const number = Number(id.slice(-6)) || 0;
  return {
    monitor_evaluations: number % EVERY === 0 ? [monitorEvaluation(number % 8 === 0, at)] : [],
    scorecards: number % EVERY === 1 ? [scorecard(number % 8 === 1, at)] : [],
  };
};
