import type { JsonObject } from '../world.ts';
import { adminId, TEAM_NAMES, teamId } from './staff.ts';
import type { Trace } from './trace.ts';

const HALF_AN_HOUR = 1_800;

/** Durations leave out the hours when the office is closed, so none is the difference of its times (API-FACTS 6.4). */
const office = (seconds: number): number =>
  seconds <= HALF_AN_HOUR ? seconds : HALF_AN_HOUR + Math.floor((seconds - HALF_AN_HOUR) * 0.6);

const median = (values: readonly number[]): number | null => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
};

const first = (times: readonly number[]): number | null => times[0] ?? null;
const last = (times: readonly number[]): number | null => times.at(-1) ?? null;

/** `statistics` of a conversation. What has not happened is null. Times in Unix seconds, durations in seconds. */
export const statisticsOf = (trace: Trace, createdAt: number, parts: number): JsonObject => {
  const closes = trace.closes.map(({ at }) => at);
  const since = (time: number | null): number | null => (time === null ? null : office(time - createdAt));
  const lastAssignment = last(trace.assignments);
  const closer = trace.closes.at(-1)?.admin;
  const reply = first(trace.adminReplies);
  const wait = median(trace.waits);
  const teamTimes =
    trace.team === null || reply === null
      ? []
      : [
          {
            team_id: Number(teamId(trace.team)),
            team_name: TEAM_NAMES[trace.team] ?? '',
            response_time: reply - createdAt,
          },
        ];
  return {
    type: 'conversation_statistics',
    time_to_assignment: since(first(trace.assignments)),
    time_to_admin_reply: since(reply),
    time_to_first_close: since(first(closes)),
    time_to_last_close: since(last(closes)),
    median_time_to_reply: wait === null ? null : office(wait),
    first_contact_reply_at: first(trace.contactReplies),
    first_assignment_at: first(trace.assignments),
    first_admin_reply_at: reply,
    first_close_at: first(closes),
    last_assignment_at: lastAssignment,
    last_assignment_admin_reply_at:
      lastAssignment === null ? null : (trace.adminReplies.find((at) => at > lastAssignment) ?? null),
    last_contact_reply_at: last(trace.contactReplies),
    last_admin_reply_at: last(trace.adminReplies),
    last_close_at: last(closes),
    last_closed_by_id: closer === undefined ? null : adminId(closer),
    count_reopens: trace.reopens,
    count_assignments: trace.assignments.length,
    count_conversation_parts: parts,
    assigned_team_first_response_time: teamTimes,
    assigned_team_first_response_time_in_office_hours: teamTimes.map((time) => ({
      ...time,
      response_time: office(time.response_time),
    })),
    handling_time: trace.adminReplies.length * 140,
    adjusted_handling_time: trace.adminReplies.length === 0 ? null : trace.adminReplies.length * 120,
  };
};
