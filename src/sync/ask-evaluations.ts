import { EVALUATION_QUERY } from '../entities/conversation/evaluations.ts';
import { type AskWith, openOptional } from './optional-parameters.ts';
import type { RunContext } from './run-context.ts';

/** Has the listings of a run show what QA monitors and scorecards found. */
export const askForEvaluations = (run: RunContext): Promise<AskWith> =>
  openOptional(run, {
    capability: 'conversation_evaluations',
    query: EVALUATION_QUERY,
    shows: 'what QA monitors and scorecards found',
  });
