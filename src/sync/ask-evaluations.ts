import { EVALUATION_QUERY } from '../entities/conversation/evaluations.ts';
import { AppError, isAppError, toAppError } from '../errors/app-error.ts';
import { isAtLeast } from '../intercom/api-version.ts';
import { failedLately, noteAllowed, noteRefused, refusalOf } from './capabilities.ts';
import type { RunContext } from './run-context.ts';
import type { SearchExtras } from './search-page.ts';

/** Kept as a capability of its own: conversations are listed whatever becomes of it. */
const CAPABILITY = 'conversation_evaluations';
/** Where they may not be read, the background asks again after this time, seconds. */
const REFUSED_REST_SECONDS = 3_600;

/**
 * Has the listings of a run show what QA monitors and scorecards found, where the version of the API has that (from 2.16
 * on) and nothing says that token or plan do not.
 */
export const askForEvaluations = async (run: RunContext): Promise<SearchExtras> => {
  const rests = run.pollMs !== undefined && (await failedLately(run, CAPABILITY, REFUSED_REST_SECONDS));
  const hasThem = isAtLeast(run.client.version, 2, 16);
  if (!hasThem && !rests)
    await noteRefused(run, CAPABILITY, { state: 'version', error: new AppError('INTERCOM_VERSION') });
  let asks = hasThem && !rests;
  let noted = false;
  return {
    query: () => (asks ? EVALUATION_QUERY : undefined),
    async granted() {
      if (noted) return;
      noted = true;
      await noteAllowed(run, CAPABILITY);
    },
    async doubt(error) {
      if (run.signal.aborted || !isAppError(error)) return undefined;
      return refusalOf(CAPABILITY, await run.judgeRefusal(toAppError(error)))?.error;
    },
    async refused(refusal) {
      if (!asks) return;
      asks = false;
      run.logger.warn({ code: refusal.code }, 'QA monitors and scorecards may not be read');
      await noteRefused(run, CAPABILITY, {
        state: refusalOf(CAPABILITY, refusal)?.state ?? 'version',
        error: refusal,
      });
    },
  };
};
