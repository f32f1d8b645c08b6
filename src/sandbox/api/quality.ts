import type { JsonObject } from '../world.ts';

const EVERY = 4;

const numberOf = (id: string): number => Number(id.slice(-6)) || 0;

/** What monitors found in a conversation; only on request (API-FACTS 5.1). */
export const monitorsOf = (id: string, at: number): JsonObject[] =>
  numberOf(id) % EVERY === 0
    ? [
        {
          monitor_id: '301',
          monitor_name: 'Tone',
          monitor_type: 'custom',
          result: numberOf(id) % 8 === 0 ? 'flagged' : 'passed',
          explanation: 'The answer was short.',
          evaluated_at: at,
        },
      ]
    : [];

export const scorecardsOf = (id: string, at: number): JsonObject[] =>
  numberOf(id) % EVERY === 1
    ? [
        {
          scorecard_id: '401',
          scorecard_version_id: '4011',
          name: 'Support quality',
          scorecard_type: 'qa',
          passed: numberOf(id) % 8 === 1,
          score: 0.75,
          ai_score: null,
          evaluated_at: at,
          reviewed_teammate: { type: 'ai', admin_id: null },
          evaluators: [
            {
              evaluator_id: '501',
              result: {
                value: 'yes',
                source: 'ai',
                reasoning: null,
                reason_ids: [],
                other_text: null,
              },
            },
          ],
        },
      ]
    : [];
