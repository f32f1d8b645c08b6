import { AppError } from '../errors/app-error.ts';
import { systemClock } from '../lib/clock.ts';
import { resolveDate } from '../lib/time-frame.ts';
import type { CoverageAnswer, CoverageInput, MirrorInfo } from './compat-types.ts';
import type { QueryDeps } from './deps.ts';
import { getMirrorStatus } from './get-mirror-status.ts';
import { isoTime } from './iso-time.ts';
import { readOptions } from './read-options.ts';
import type { CallContext, WorkspaceInput } from './types.ts';

/** A mirror that is so far behind counts as up to date: the background looks for changes once a minute. */
const FRESH_SECONDS = 300;

/** How much is mirrored, and how old it is. Never an error because nothing is there yet. */
export const mirrorInfo = async (
  deps: QueryDeps,
  input: WorkspaceInput,
  call?: CallContext,
): Promise<MirrorInfo> => {
  const status = await getMirrorStatus(deps, input, call);
  const sizes = await Promise.all(
    status.workspaces.flatMap(({ workspace }) =>
      workspace === null
        ? []
        : [deps.reader.read('mirrorSize', { workspaceId: workspace.id }, readOptions(call))],
    ),
  );
  const { as_of: asOf } = status.metadata;
  const nowMs = (deps.clock ?? systemClock).now();
  return {
    status,
    messages: sizes.reduce((sum, { messages }) => sum + messages, 0),
    bytes: Math.max(0, ...sizes.map(({ bytes }) => bytes)),
    ageMinutes: asOf === null ? null : Math.max(0, Math.floor((nowMs - Date.parse(asOf)) / 60_000)),
  };
};

const bound = (name: 'start_date' | 'end_date', text: string, zone: string): number => {
  const time = resolveDate(text, zone, name === 'start_date' ? 'start' : 'end');
  if (time !== undefined) return time;
  throw new AppError(
    'ARGUMENT_INVALID',
    `${name} "${text.slice(0, 60)}" is not a date; write 2026-09-14 or 2026-09-14T08:00:00Z.`,
  );
};

/**
 * Whether every conversation created from `start_date` to `end_date` (whole days, in the workspace's zone) is mirrored with
 * its thread. What lies in the future is not missing.
 * @throws AppError ARGUMENT_INVALID, WORKSPACE_NOT_FOUND, STORE_*
 */
export const checkCoverage = async (
  deps: QueryDeps,
  input: CoverageInput,
  call?: CallContext,
): Promise<CoverageAnswer> => {
  const info = await mirrorInfo(deps, input, call);
  const { metadata, workspaces } = info.status;
  const zone = workspaces.length === 1 ? (workspaces[0].workspace?.time_zone ?? 'UTC') : 'UTC';
  const [start, end] = [bound('start_date', input.start_date, zone), bound('end_date', input.end_date, zone)];
  if (end <= start) throw new AppError('ARGUMENT_INVALID', 'end_date must not lie before start_date.');
  const now = Math.floor((deps.clock ?? systemClock).now() / 1000);
  const { known, hydrated } = metadata.coverage.conversations;
  const range = { start: metadata.coverage.window.start, end: metadata.as_of };
  const answer = (gaps: CoverageAnswer['gaps'], partly: boolean, reason: string): CoverageAnswer => ({
    covered: false,
    partly,
    gaps,
    range,
    reason,
    info,
  });
  const whole = [[isoTime(start), isoTime(end)]] as const;
  if (range.end === null)
    return known === 0
      ? answer(whole, false, 'No data available')
      : answer(whole, true, `The first sync is not complete: ${known} conversations are mirrored so far`);
  const asOf = Math.floor(Date.parse(range.end) / 1000);
  const wanted = Math.min(end, now - FRESH_SECONDS);
  if (wanted > asOf) {
    const from = Math.max(start, asOf);
    return answer(
      [[isoTime(from), isoTime(Math.min(end, Math.max(now, from)))]],
      start < asOf,
      'Missing data for 1 date range',
    );
  }
  if (hydrated < known)
    return answer([], true, `The threads of ${known - hydrated} conversations are missing`);
  return { ...answer([], false, 'Full coverage'), covered: true };
};
