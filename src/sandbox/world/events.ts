import type { JsonObject } from '../world.ts';
import { partOf } from './parts.ts';
import { between, chance, pick, type Random } from './random.ts';
import { ADMIN_COUNT, adminAuthor, adminId, operatorAuthor, TEAM_NAMES, teamId } from './staff.ts';
import { assign, close, open, type Trace } from './trace.ts';

const DAY = 86_400;

interface Told {
  readonly type: string;
  readonly author: JsonObject;
  readonly more?: JsonObject;
}
type Teller = (trace: Trace, at: number, random: Random) => Told;

const byAdmin = (trace: Trace): JsonObject => adminAuthor(trace.handler);

const toTeam: Teller = (trace, at, random) => {
  const team = between(random, 0, TEAM_NAMES.length - 1);
  const author = byAdmin(trace);
  assign(trace, at, { team });
  return { type: 'assignment', author, more: { assigned_to: { type: 'team', id: teamId(team) } } };
};

const toAdmin: Teller = (trace, at, random) => {
  const admin = between(random, 0, ADMIN_COUNT - 1);
  assign(trace, at, { admin });
  const more = { assigned_to: { type: 'admin', id: adminId(admin) } };
  return { type: 'default_assignment', author: operatorAuthor(), more };
};

/** API-FACTS 6.9: an unassignment names a `nobody_admin` without an id. */
const toNobody: Teller = (trace, at) => {
  const author = byAdmin(trace);
  trace.admin = null;
  trace.assignments.push(at);
  return { type: 'assignment', author, more: { assigned_to: { type: 'nobody_admin', id: null } } };
};

const attribute = (type: 'admin' | 'user' | 'workflow'): Teller => {
  return (trace, _at, random) => ({
    type: `conversation_attribute_updated_by_${type}`,
    author: type === 'admin' ? byAdmin(trace) : operatorAuthor(),
    more: {
      event_details: {
        ...(type === 'workflow' ? { workflow: { name: 'Triage' } } : {}),
        attribute: { name: 'Area' },
        value: {
          name: pick(random, ['Payments', 'Data', 'Account']),
          ...(type === 'workflow' ? {} : { previous: null }),
        },
      },
    },
  });
};

const snooze: Teller = (trace, at) => {
  trace.state = 'snoozed';
  trace.snoozedUntil = at + DAY;
  return { type: 'snoozed', author: byAdmin(trace) };
};

const wake: Teller = (trace, _at, random) => {
  open(trace);
  return chance(random, 0.5)
    ? { type: 'unsnoozed', author: byAdmin(trace) }
    : { type: 'timer_unsnooze', author: operatorAuthor() };
};

const plain =
  (type: string): Teller =>
  (trace) => ({ type, author: byAdmin(trace) });

const workflow: Teller = () => ({
  type: 'operator_workflow_event',
  author: operatorAuthor(),
  more: { event_details: { workflow: { name: 'Triage' }, event: { type: 'workflow', result: 'completed' } } },
});

const action: Teller = (trace) => ({
  type: 'custom_action_finished',
  author: byAdmin(trace),
  more: {
    event_details: { action: { name: 'Create ticket', result: 'success' } },
    app_package_code: 'ticket-bridge',
  },
});

const shut: Teller = (trace, at) => {
  const author = byAdmin(trace);
  close(trace, at);
  return { type: 'close', author };
};

/** What happens between messages, by the state of the conversation. All of it without text. */
const EVENTS: Readonly<Record<Trace['state'], readonly Teller[]>> = {
  open: [
    toTeam,
    toAdmin,
    toTeam,
    toAdmin,
    attribute('admin'),
    attribute('user'),
    attribute('workflow'),
    snooze,
    toNobody,
    plain('priority_changed'),
    plain('conversation_tags_updated'),
    plain('conversation_sla_applied_by_rule'),
    plain('participant_added'),
    workflow,
    action,
  ],
  snoozed: [wake, wake, attribute('admin')],
  closed: [attribute('admin'), plain('conversation_rating_changed'), plain('conversation_tags_updated')],
};

export interface EventFacts {
  readonly id: string;
  readonly at: number;
  /** Nothing follows it: most conversations end closed. */
  readonly last: boolean;
}

const chooseEvent = (trace: Trace, last: boolean, random: Random): Teller => {
  if (last && trace.state !== 'closed' && chance(random, 0.85)) return shut;
  return pick(random, EVENTS[trace.state]);
};

/** A part without a message, and what it does to the conversation. */
export const eventPart = (trace: Trace, { id, at, last }: EventFacts, random: Random): JsonObject => {
  const { type, author, more } = chooseEvent(trace, last, random)(trace, at, random);
  return partOf({ id, type, body: null, author, at, state: trace.state, ...(more ? { more } : {}) });
};
