import type { JsonObject } from '../world.ts';
import { partOf } from './parts.ts';
import { between, chance, type Random } from './random.ts';
import { ADMIN_COUNT, adminAuthor, adminId, finAuthor } from './staff.ts';
import type { SourceTurn } from './text-source.ts';
import { adminWrote, assign, close, customerWrote, open, type Trace } from './trace.ts';

export interface MessageFacts {
  readonly id: string;
  readonly at: number;
  readonly turn: SourceTurn;
  /** Nothing is said after it. */
  readonly lastTurn: boolean;
  readonly customer: JsonObject;
}

interface Told {
  readonly type: string;
  readonly author: JsonObject;
  readonly more?: JsonObject;
}

/** A customer's answer opens what was closed or snoozed, and its text rides on that part (API-FACTS 6.11). */
const customerPart = (trace: Trace, { at, customer }: MessageFacts): Told => {
  const reopens = trace.state !== 'open';
  if (reopens) open(trace);
  customerWrote(trace, at);
  return { type: reopens ? 'open' : 'comment', author: customer };
};

const notePart = (trace: Trace, random: Random): Told => {
  const author = adminAuthor(trace.handler);
  trace.teammates.add(trace.handler);
  if (trace.state !== 'closed' || !chance(random, 0.5)) return { type: 'note', author };
  open(trace);
  return { type: 'note_and_reopen', author };
};

/** A teammate's answer, alone or riding on an assignment, a close or a reopening. */
const agentPart = (trace: Trace, { at, lastTurn }: MessageFacts, random: Random): Told => {
  const draw = random();
  const author = adminWrote(trace, at);
  if (trace.state !== 'open' && draw < 0.5) {
    open(trace);
    return { type: 'open', author };
  }
  // Who answers first takes the conversation, mostly.
  const takes = trace.admin === null && chance(random, 0.6);
  if (takes || draw < 0.08) {
    const admin = takes ? trace.handler : between(random, 0, ADMIN_COUNT - 1);
    assign(trace, at, { admin });
    return { type: 'assignment', author, more: { assigned_to: { type: 'admin', id: adminId(admin) } } };
  }
  if (trace.state === 'closed' || draw >= (lastTurn ? 0.5 : 0.14)) return { type: 'comment', author };
  close(trace, at);
  return { type: 'close', author };
};

const tell = (trace: Trace, facts: MessageFacts, random: Random): Told => {
  const { turn } = facts;
  if (turn.role === 'customer') return customerPart(trace, facts);
  if (turn.role === 'bot') return { type: 'comment', author: finAuthor() };
  return turn.note ? notePart(trace, random) : agentPart(trace, facts, random);
};

/** One message of the source as a part, and what it does to the conversation. */
export const messagePart = (trace: Trace, facts: MessageFacts, random: Random): JsonObject => {
  const { type, author, more } = tell(trace, facts, random);
  const { id, at, turn } = facts;
  return partOf({
    id,
    type,
    body: turn.body,
    author,
    at,
    state: trace.state,
    more: { ...more, ...(turn.attachments ? { attachments: [...turn.attachments] } : {}) },
  });
};
