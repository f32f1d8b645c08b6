import { adminAuthor } from './staff.ts';
import type { JsonObject } from '../world.ts';

export type State = 'open' | 'closed' | 'snoozed';

/** What a conversation has come to while its parts are told one by one. Times in Unix seconds. */
export interface Trace {
  state: State;
  snoozedUntil: number | null;
  /** Since when the customer waits for an answer. */
  waitingSince: number | null;
  /** Index of the assigned teammate and team. */
  admin: number | null;
  team: number | null;
  /** Index of the teammate who writes. */
  handler: number;
  readonly teammates: Set<number>;
  readonly contactReplies: number[];
  readonly adminReplies: number[];
  readonly assignments: number[];
  readonly closes: { readonly at: number; readonly admin: number }[];
  /** Seconds that customers waited, one for each answer. */
  readonly waits: number[];
  reopens: number;
}

export const createTrace = (handler: number): Trace => ({
  state: 'open',
  snoozedUntil: null,
  waitingSince: null,
  admin: null,
  team: null,
  handler,
  teammates: new Set(),
  contactReplies: [],
  adminReplies: [],
  assignments: [],
  closes: [],
  waits: [],
  reopens: 0,
});

export const customerWrote = (trace: Trace, at: number): void => {
  trace.contactReplies.push(at);
  trace.waitingSince ??= at;
};

/** @returns the author */
export const adminWrote = (trace: Trace, at: number): JsonObject => {
  trace.adminReplies.push(at);
  trace.teammates.add(trace.handler);
  if (trace.waitingSince !== null) trace.waits.push(at - trace.waitingSince);
  trace.waitingSince = null;
  return adminAuthor(trace.handler);
};

export const open = (trace: Trace): void => {
  if (trace.state === 'closed') trace.reopens += 1;
  trace.state = 'open';
  trace.snoozedUntil = null;
};

export const close = (trace: Trace, at: number): void => {
  trace.state = 'closed';
  trace.snoozedUntil = null;
  trace.waitingSince = null;
  trace.closes.push({ at, admin: trace.handler });
};

export const assign = (
  trace: Trace,
  at: number,
  to: { readonly admin?: number; readonly team?: number },
): void => {
  if (to.admin !== undefined) {
    trace.admin = to.admin;
    trace.handler = to.admin;
  }
  if (to.team !== undefined) trace.team = to.team;
  trace.assignments.push(at);
};
