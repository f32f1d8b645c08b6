import { AppError } from '../errors/app-error.ts';
import type { CapabilityState } from '../lib/capability.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

/** Every version of the API has these: there an answer "not found" is a fault. */
const ALWAYS_THERE: ReadonlySet<string> = new Set(['conversations', 'contacts', 'admins']);

export interface Refusal {
  readonly state: Exclude<CapabilityState, 'ok' | 'unknown'>;
  readonly error: AppError;
}

/**
 * What a failed listing says about what may be read; undefined when it failed for another reason. A 401 must have been
 * judged before (`JudgeRefusal`).
 */
export const refusalOf = (entity: string, error: AppError): Refusal | undefined => {
  if (error.code === 'INTERCOM_FORBIDDEN') return { state: 'no_permission', error };
  if (error.code === 'INTERCOM_PLAN') return { state: 'plan', error };
  const { status, upstreamCode } = error.details;
  const isVersion =
    upstreamCode === 'intercom_version_invalid' ||
    (error.code === 'INTERCOM_BAD_REQUEST' && status === 422) ||
    error.code === 'INTERCOM_NOT_FOUND' ||
    error.code === 'INTERCOM_VERSION';
  if (!isVersion || ALWAYS_THERE.has(entity)) return undefined;
  return { state: 'version', error: new AppError('INTERCOM_VERSION', undefined, { cause: error }) };
};

const note = (run: RunContext, capability: string, state: CapabilityState, code: string | null) =>
  run.store.write('noteCapability', {
    fence: run.fence,
    capability,
    state,
    code,
    checkedAt: serverSeconds(run.client),
  });

/** The entity was listed: it may be read. */
export const noteAllowed = async (run: RunContext, entity: string): Promise<void> => {
  if ((await stateOf(run, entity)) !== 'ok') await note(run, entity, 'ok', null);
};

export const noteRefused = (run: RunContext, entity: string, { error, state }: Refusal): Promise<void> =>
  note(run, entity, state, error.code);

/** It failed for another reason: it is not asked for again on every poll, either. */
export const noteFailed = (run: RunContext, entity: string, code: string): Promise<void> =>
  note(run, entity, 'unknown', code);

/** As its last answer showed. */
export const stateOf = async (run: RunContext, entity: string): Promise<CapabilityState> => {
  const { workspaceId } = run.fence;
  const known = await run.store.read('readCapabilities', { workspaceId });
  return known.find((row) => row.capability === entity)?.state ?? 'unknown';
};

/** It was asked for in vain within the last `seconds`. */
export const failedLately = async (run: RunContext, entity: string, seconds: number): Promise<boolean> => {
  const { workspaceId } = run.fence;
  const known = await run.store.read('readCapabilities', { workspaceId });
  const found = known.find((row) => row.capability === entity);
  if (found === undefined || found.state === 'ok') return false;
  return serverSeconds(run.client) - found.checkedAt < seconds;
};
