import { hasBit } from '../../lib/bytes/bitset.ts';
import { type MetricColumn, NO_VALUE } from '../search-index/metric-columns.ts';
import { filterTerm } from '../search-index/types.ts';
import { havingAny, type SegmentFacts } from './segment-facts.ts';

/** A conversation's value; `NONE_OF_IT` where it has none, of a share `UNKNOWN` where it has, but cannot be told. */
export type ValueOf = (ordinal: number) => number;
export const NONE_OF_IT = Number.NaN;
export const UNKNOWN = -1;

/** What the answer depends on beside the conversation. */
export interface MetricContext {
  /** Unix seconds up to which the mirror is complete: waiting goes on until then. */
  readonly asOf: number;
  readonly recontactDays: number;
  /** When each contact wrote, see `readRecontacts`; empty where nobody asks. */
  readonly nextContact: (facts: SegmentFacts, ordinal: number) => number;
}

export type Unit = 'conversations' | 'seconds' | 'share' | 'messages' | 'reopens' | 'rating' | 'contacts';

/**
 * How values become a number. `count`: how many. `median`, `sum` and `mean`: of the values, with the others beside it.
 * `share`: of values 0 and 1. `distinct`: different contacts.
 */
export type Statistic = 'count' | 'median' | 'sum' | 'mean' | 'share' | 'distinct';

export interface MetricDefinition {
  readonly title: string;
  readonly unit: Unit;
  readonly statistic: Statistic;
  /**
   * Which conversations: those of the time frame, those last closed in it, or those that stood open at its end.
   */
  readonly over: 'frame' | 'closed' | 'backlog';
  /** In words, for the answer and the docs. */
  readonly definition: string;
  /** It needs the messages, not the listing alone. */
  readonly needsThread?: true;
  readonly columns?: readonly MetricColumn[];
  readonly terms?: readonly string[];
  readonly value: (facts: SegmentFacts, context: MetricContext) => ValueOf;
}

const always = () => () => 1;
const given = (value: number | undefined): number =>
  value === undefined || value === NO_VALUE ? NONE_OF_IT : value;
const notNegative = (value: number): number => (value >= 0 ? value : NONE_OF_IT);

/** A duration as Intercom gives it. */
const duration =
  (name: MetricColumn) =>
  (facts: SegmentFacts): ValueOf => {
    const column = facts.numbers(name);
    return (ordinal) => notNegative(given(column[ordinal]));
  };

/** From the opening to another time, on the calendar. */
const untilTime =
  (times: (facts: SegmentFacts) => Int32Array) =>
  (facts: SegmentFacts): ValueOf => {
    const until = times(facts);
    const created = facts.times('created_at');
    return (ordinal) => notNegative(given(until[ordinal]) - (created[ordinal] ?? 0));
  };

const amount =
  (name: MetricColumn) =>
  (facts: SegmentFacts): ValueOf => {
    const column = facts.numbers(name);
    return (ordinal) => given(column[ordinal]);
  };

/** Of those with one of `of` (all, where it is absent), those with one of `yes`. */
const share =
  (yes: readonly string[], of?: readonly string[]) =>
  (facts: SegmentFacts): ValueOf => {
    const [having, among] = [havingAny(facts, yes), of === undefined ? undefined : havingAny(facts, of)];
    return (ordinal) => {
      if (among !== undefined && !hasBit(among, ordinal)) return NONE_OF_IT;
      return hasBit(having, ordinal) ? 1 : 0;
    };
  };

const CLOSED = filterTerm('state', 'closed');
const SLA_HIT = filterTerm('sla', 'hit');
const SLA_MISSED = filterTerm('sla', 'missed');
const SLA_NO_STATUS = filterTerm('sla', 'none');
const SLA_NO_NAME = filterTerm('sla_name', 'none');
const INVOLVED = filterTerm('fin', 'involved');
const RESOLVED = [filterTerm('fin', 'assumed_resolution'), filterTerm('fin', 'confirmed_resolution')];
const HANDED_OVER = [filterTerm('fin', 'escalated'), filterTerm('fin', 'procedure_handoff')];

const waits = (facts: SegmentFacts): ((ordinal: number) => number) => {
  const since = facts.numbers('waiting_since');
  const closed = facts.having(CLOSED);
  return (ordinal) => (hasBit(closed, ordinal) ? NONE_OF_IT : given(since[ordinal]));
};

const slaHit = (facts: SegmentFacts): ValueOf => {
  const [hit, missed] = [facts.having(SLA_HIT), facts.having(SLA_MISSED)];
  const [noStatus, noName] = [facts.having(SLA_NO_STATUS), facts.having(SLA_NO_NAME)];
  return (ordinal) => {
    if (hasBit(hit, ordinal)) return 1;
    if (hasBit(missed, ordinal)) return 0;
    return hasBit(noStatus, ordinal) && hasBit(noName, ordinal) ? NONE_OF_IT : UNKNOWN;
  };
};

const csat = (facts: SegmentFacts): ValueOf => {
  const rating = facts.numbers('rating');
  return (ordinal) => {
    const value = given(rating[ordinal]);
    return Number.isNaN(value) ? NONE_OF_IT : value >= 4 ? 1 : 0;
  };
};

const rated = (facts: SegmentFacts): ValueOf => {
  const [rating, requested] = [facts.numbers('rating'), facts.numbers('rating_requested_at')];
  return (ordinal) => {
    if (rating[ordinal] !== NO_VALUE) return 1;
    return requested[ordinal] === NO_VALUE ? NONE_OF_IT : 0;
  };
};

const DAY = 86_400;

const recontacted = (facts: SegmentFacts, { asOf, nextContact, recontactDays }: MetricContext): ValueOf => {
  const created = facts.times('created_at');
  const { counts } = facts.contacts();
  const within = recontactDays * DAY;
  return (ordinal) => {
    const at = created[ordinal] ?? 0;
    if ((counts[ordinal] ?? 0) === 0 || at + within > asOf) return NONE_OF_IT;
    return nextContact(facts, ordinal) <= at + within ? 1 : 0;
  };
};

const OFFICE = 'In office hours, as Intercom gives it';
const SLA_TERMS = [SLA_HIT, SLA_MISSED, SLA_NO_STATUS, SLA_NO_NAME];
const seconds = { unit: 'seconds', statistic: 'median', over: 'frame' } as const;
const shareOf = { unit: 'share', statistic: 'share', over: 'frame' } as const;

const DEFINITIONS = {
  created: {
    title: 'Conversations',
    unit: 'conversations',
    statistic: 'count',
    over: 'frame',
    definition: 'Conversations of the time frame, by created_at unless time_field says otherwise.',
    value: always,
  },
  closed: {
    title: 'Closed',
    unit: 'conversations',
    statistic: 'count',
    over: 'closed',
    definition:
      'Conversations whose last close (statistics.last_close_at) is in the time frame, whenever they were created.',
    value: always,
  },
  open_backlog: {
    title: 'Open backlog',
    unit: 'conversations',
    statistic: 'count',
    over: 'backlog',
    definition:
      'Conversations that stood open (or snoozed) at the end of the time frame, of each day, week or month where grouped by it, and now at the latest: created by then, and not closed now or last closed later. One that was closed and reopened meanwhile counts as open throughout.',
    value: always,
  },
  unanswered: {
    title: 'Unanswered',
    unit: 'conversations',
    statistic: 'count',
    over: 'frame',
    definition:
      'Conversations that are not closed and in which the customer waits for a reply (waiting_since).',
    columns: ['waiting_since'],
    terms: [CLOSED],
    value: waits,
  },
  waiting_time: {
    ...seconds,
    title: 'Waiting time',
    definition: 'Of unanswered conversations: from waiting_since until as_of, on the calendar.',
    columns: ['waiting_since'],
    terms: [CLOSED],
    value: (facts, { asOf }) => {
      const since = waits(facts);
      return (ordinal) => notNegative(asOf - since(ordinal));
    },
  },
  first_response_time: {
    ...seconds,
    title: 'First response',
    definition: 'From created_at to statistics.first_admin_reply_at, on the calendar.',
    columns: ['first_admin_reply_at'],
    value: untilTime((facts) => facts.numbers('first_admin_reply_at')),
  },
  first_response_time_office_hours: {
    ...seconds,
    title: 'First response, office hours',
    definition: `${OFFICE} (statistics.time_to_admin_reply).`,
    columns: ['time_to_admin_reply'],
    value: duration('time_to_admin_reply'),
  },
  time_to_first_close: {
    ...seconds,
    title: 'Time to first close',
    definition: 'From created_at to statistics.first_close_at, on the calendar.',
    columns: ['first_close_at'],
    value: untilTime((facts) => facts.numbers('first_close_at')),
  },
  time_to_first_close_office_hours: {
    ...seconds,
    title: 'Time to first close, office hours',
    definition: `${OFFICE} (statistics.time_to_first_close).`,
    columns: ['time_to_first_close'],
    value: duration('time_to_first_close'),
  },
  time_to_close: {
    ...seconds,
    title: 'Time to close',
    definition: 'From created_at to the last close (statistics.last_close_at), on the calendar.',
    value: untilTime((facts) => facts.times('closed_at')),
  },
  time_to_close_office_hours: {
    ...seconds,
    title: 'Time to close, office hours',
    definition: `${OFFICE} (statistics.time_to_last_close).`,
    columns: ['time_to_last_close'],
    value: duration('time_to_last_close'),
  },
  time_to_assignment: {
    ...seconds,
    title: 'Time to assignment',
    definition: 'As Intercom gives it (statistics.time_to_assignment).',
    columns: ['time_to_assignment'],
    value: duration('time_to_assignment'),
  },
  reply_time_office_hours: {
    ...seconds,
    title: 'Reply time, office hours',
    definition: `${OFFICE}: each conversation’s median (statistics.median_time_to_reply).`,
    columns: ['median_time_to_reply'],
    value: duration('median_time_to_reply'),
  },
  handling_time: {
    ...seconds,
    title: 'Handling time',
    definition: 'As Intercom gives it (statistics.handling_time).',
    columns: ['handling_time'],
    value: duration('handling_time'),
  },
  adjusted_handling_time: {
    ...seconds,
    title: 'Adjusted handling time',
    definition: 'As Intercom gives it (statistics.adjusted_handling_time).',
    columns: ['adjusted_handling_time'],
    value: duration('adjusted_handling_time'),
  },
  replies: {
    title: 'Replies',
    unit: 'messages',
    statistic: 'sum',
    over: 'frame',
    needsThread: true,
    definition:
      'Messages of teammates after the opening one, notes not counted; over conversations whose threads are mirrored.',
    columns: ['teammate_replies'],
    value: amount('teammate_replies'),
  },
  customer_messages: {
    title: 'Customer messages',
    unit: 'messages',
    statistic: 'sum',
    over: 'frame',
    needsThread: true,
    definition:
      'Messages of customers, the opening one included; over conversations whose threads are mirrored.',
    columns: ['customer_messages'],
    value: amount('customer_messages'),
  },
  bot_replies: {
    title: 'Bot replies',
    unit: 'messages',
    statistic: 'sum',
    over: 'frame',
    needsThread: true,
    definition:
      'Messages of bots and of Fin after the opening one; over conversations whose threads are mirrored.',
    columns: ['bot_replies'],
    value: amount('bot_replies'),
  },
  reopens: {
    title: 'Reopens',
    unit: 'reopens',
    statistic: 'sum',
    over: 'frame',
    definition: 'How often conversations were reopened (statistics.count_reopens).',
    columns: ['count_reopens'],
    value: amount('count_reopens'),
  },
  reopen_rate: {
    ...shareOf,
    title: 'Reopened',
    definition:
      'Share of conversations that were reopened at least once, of those with statistics.count_reopens.',
    columns: ['count_reopens'],
    value: (facts) => {
      const count = amount('count_reopens')(facts);
      return (ordinal) => Math.min(1, count(ordinal));
    },
  },
  csat: {
    ...shareOf,
    title: 'CSAT',
    definition: 'Share of ratings 4 and 5, of the rated conversations (conversation_rating.rating).',
    columns: ['rating'],
    value: csat,
  },
  csat_response_rate: {
    ...shareOf,
    title: 'CSAT response rate',
    definition:
      'Share of conversations that were rated, of those in which a rating was asked for (conversation_rating.created_at).',
    columns: ['rating', 'rating_requested_at'],
    value: rated,
  },
  rating_average: {
    title: 'Average rating',
    unit: 'rating',
    statistic: 'mean',
    over: 'frame',
    definition: 'Mean of the ratings, 1 to 5.',
    columns: ['rating'],
    value: amount('rating'),
  },
  sla_hit_rate: {
    ...shareOf,
    title: 'SLA hit rate',
    definition:
      'Share of hit, of hit and missed (sla_applied.sla_status). Conversations with an SLA in another state are counted as unknown, those without one as excluded.',
    terms: SLA_TERMS,
    value: slaHit,
  },
  fin_involvement_rate: {
    ...shareOf,
    title: 'Fin involvement',
    definition: 'Share of conversations in which Fin took part (ai_agent_participated).',
    terms: [INVOLVED],
    value: share([INVOLVED]),
  },
  fin_resolution_rate: {
    ...shareOf,
    title: 'Fin resolution rate',
    definition:
      'Share with an assumed or confirmed resolution (ai_agent.resolution_state), of those in which Fin took part.',
    terms: [INVOLVED, ...RESOLVED],
    value: share(RESOLVED, [INVOLVED]),
  },
  fin_handoff_rate: {
    ...shareOf,
    title: 'Fin hand-off rate',
    definition:
      'Share that Fin escalated or handed off (ai_agent.resolution_state), of those in which Fin took part.',
    terms: [INVOLVED, ...HANDED_OVER],
    value: share(HANDED_OVER, [INVOLVED]),
  },
  contacts: {
    title: 'Contacts',
    unit: 'contacts',
    statistic: 'distinct',
    over: 'frame',
    definition: 'Different contacts of the conversations; merged contacts are one.',
    value: (facts) => {
      const { counts } = facts.contacts();
      return (ordinal) => ((counts[ordinal] ?? 0) > 0 ? 1 : NONE_OF_IT);
    },
  },
  recontact_rate: {
    ...shareOf,
    title: 'Re-contact rate',
    definition:
      'Share of conversations after which one of their contacts opened another one within recontact_days (default 7). Those younger than that, and those without a contact, are excluded.',
    value: recontacted,
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof DEFINITIONS;

/** Every metric by name, in the order of the docs. */
export const METRICS: Readonly<Record<MetricName, MetricDefinition>> = DEFINITIONS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

export const isMetric = (name: string): name is MetricName => Object.hasOwn(METRICS, name);
