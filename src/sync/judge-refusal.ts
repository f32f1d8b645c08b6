import { AppError, isAppError, toAppError } from '../errors/app-error.ts';
import type { IntercomClient } from '../intercom/client.ts';
import { identifyWorkspace } from './identify.ts';

/** So long one answer of GET /me stands for all refusals: many requests are under way when a token dies. */
const ANSWER_VALID_MS = 5_000;

/**
 * What a 401 means. Intercom answers 401 for a missing permission, too; the token is dead only when GET /me is refused
 * as well (API-FACTS 1.9). Gives back the refusal itself where it is, INTERCOM_FORBIDDEN where only this may not be read,
 * and the failure of GET /me where it cannot be told now. Any other failure is given back as it is.
 */
export type JudgeRefusal = (refusal: AppError) => Promise<AppError>;

export const createRefusalJudge = (client: IntercomClient, signal: AbortSignal): JudgeRefusal => {
  let asked: { readonly at: number; readonly failure: Promise<AppError | undefined> } | undefined;
  const ask = (): Promise<AppError | undefined> =>
    identifyWorkspace(client, signal).then(
      () => undefined,
      (error: unknown) => toAppError(error),
    );
  return async (refusal) => {
    if (refusal.code !== 'INTERCOM_UNAUTHORIZED') return refusal;
    if (asked === undefined || performance.now() - asked.at > ANSWER_VALID_MS) {
      asked = { at: performance.now(), failure: ask() };
    }
    const failure = await asked.failure;
    if (failure === undefined) return new AppError('INTERCOM_FORBIDDEN', undefined, { cause: refusal });
    return isAppError(failure, 'INTERCOM_UNAUTHORIZED') ? refusal : failure;
  };
};
