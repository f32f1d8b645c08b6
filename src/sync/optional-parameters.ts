import { AppError, isAppError } from '../errors/app-error.ts';
import { isAtLeast } from '../intercom/api-version.ts';
import type { Query } from '../intercom/request-url.ts';
import { failedLately, noteAllowed, noteRefused, refusalOf } from './capabilities.ts';
import type { RunContext } from './run-context.ts';

/** Where it was refused, the background asks again after this time, seconds. */
const REFUSED_REST_SECONDS = 3_600;
/** What may say that it is these parameters that Intercom does not take. */
const DOUBTS: ReadonlySet<string> = new Set([
  'INTERCOM_BAD_REQUEST',
  'INTERCOM_FORBIDDEN',
  'INTERCOM_NOT_FOUND',
  'INTERCOM_PLAN',
  'INTERCOM_VERSION',
]);

/** Parameters that let a listing show more, from version 2.16 on (API-FACTS 10). */
export interface Optional {
  /** Whether they may be had is noted under this name; the listing itself is another matter. */
  readonly capability: string;
  readonly query: Query;
  /** What the log says that they show. */
  readonly shows: string;
}

/** Asks with the parameters while they may be had, else without; never fails because of them. */
export type AskWith = <T>(ask: (query: Query | undefined) => Promise<T>) => Promise<T>;

/** For one run; what it learns is noted, and holds for a while. */
export const openOptional = async (run: RunContext, optional: Optional): Promise<AskWith> => {
  const { capability, query, shows } = optional;
  const rests = run.pollMs !== undefined && (await failedLately(run, capability, REFUSED_REST_SECONDS));
  const hasThem = isAtLeast(run.client.version, 2, 16);
  if (!hasThem && !rests)
    await noteRefused(run, capability, { state: 'version', error: new AppError('INTERCOM_VERSION') });
  let asks = hasThem && !rests;
  let granted = false;

  const noteGranted = async (): Promise<void> => {
    if (granted) return;
    granted = true;
    await noteAllowed(run, capability);
  };
  const refused = async (refusal: AppError): Promise<void> => {
    if (!asks) return;
    asks = false;
    run.logger.warn({ code: refusal.code }, `${shows} cannot be read`);
    const state = refusalOf(capability, refusal)?.state ?? 'version';
    await noteRefused(run, capability, { state, error: refusal });
  };
  const ask = async <T>(send: (query: Query | undefined) => Promise<T>): Promise<T> => {
    try {
      return await send(query);
    } catch (error) {
      if (run.signal.aborted || !isAppError(error)) throw error;
      const judged = await run.judgeRefusal(error);
      if (!DOUBTS.has(judged.code)) throw error;
      // Where it fails for another reason, it does so again.
      const answer = await send(undefined);
      await refused(judged);
      return answer;
    }
  };
  return async (send) => {
    if (!asks) return send(undefined);
    const answer = await ask(send);
    if (asks) await noteGranted();
    return answer;
  };
};
