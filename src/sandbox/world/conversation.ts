import type { JsonObject } from '../world.ts';
import { companyId, contactId, conversationId, MAX_PARTS, partId } from './ids.ts';
import { between, chance, pick, type Random, randomOf } from './random.ts';
import {
  adminCount,
  adminId,
  adminName,
  FIN_ID,
  personOf,
  TAG_NAMES,
  tagId,
  teamCount,
  teamId,
} from './small-tables.ts';
import type { SourceText, SourceTurn } from './text-source.ts';

const TIMES = 41;
const FACTS = 42;

/** A step of a conversation behind its opening message; `at` in Unix seconds. */
interface Step {
  readonly kind: 'turn' | 'event';
  readonly at: number;
}

/** Pause between two messages: minutes mostly, hours now and then. */
const pauseOf = (random: Random): number =>
  chance(random, 0.12) ? between(random, 1_800, 50_000) : between(random, 20, 900);

/**
 * The times of a conversation's parts: a function of its number and its count of turns alone, so that updated_at of a
 * million conversations needs no text.
 */
const stepsOf = (seed: number, index: number, createdAt: number, turns: number): Step[] => {
  const random = randomOf(seed, TIMES, index);
  const steps: Step[] = [];
  let at = createdAt;
  for (let turn = 1; turn < turns; turn += 1) {
    at += pauseOf(random);
    if (chance(random, 0.18) && steps.length + turns < MAX_PARTS - 4)
      steps.push({ kind: 'event', at: at - 5 });
    steps.push({ kind: 'turn', at });
  }
  const events = between(random, 0, 2);
  for (let event = 0; event < events; event += 1) {
    at += between(random, 30, 4_000);
    steps.push({ kind: 'event', at });
  }
  return steps;
};

/** Time of the last change. */
export const updatedAtOf = (seed: number, index: number, createdAt: number, turns: number): number =>
  stepsOf(seed, index, createdAt, turns).at(-1)?.at ?? createdAt;

export interface ConversationFacts {
  readonly seed: number;
  readonly index: number;
  readonly createdAt: number;
  readonly contacts: number;
  readonly companies: number;
  readonly text: SourceText;
}

interface Cast {
  readonly contact: JsonObject;
  readonly contactIndex: number;
  readonly admin: number;
  readonly team: number;
}

const authorOf = (role: SourceTurn['role'], cast: Cast): JsonObject => {
  if (role === 'customer') return cast.contact;
  if (role === 'bot')
    return {
      type: 'bot',
      id: FIN_ID,
      name: 'Fin',
      email: 'operator+sandbox@example.com',
      from_ai_agent: true,
      is_ai_answer: true,
    };
  return {
    type: 'admin',
    id: adminId(cast.admin),
    name: adminName(cast.admin),
    email: `teammate${cast.admin + 1}@example.com`,
  };
};

/** Message text rides on parts that are no comments, too (API-FACTS 6.11). */
const partTypeOf = (role: SourceTurn['role'], random: Random, real: boolean): string => {
  if (role !== 'agent') return chance(random, role === 'customer' ? 0.06 : 0) ? 'open' : 'comment';
  const draw = random();
  if (draw < 0.08) return 'assignment';
  if (draw < 0.14) return 'close';
  // What an agent of a corpus said was said to the customer.
  if (real || draw >= 0.22) return 'comment';
  return draw < 0.2 ? 'note' : 'note_and_reopen';
};

const part = (
  id: string,
  type: string,
  body: string | null,
  author: JsonObject,
  at: number,
  more: JsonObject = {},
): JsonObject => ({
  type: 'conversation_part',
  id,
  part_type: type,
  body,
  created_at: at,
  updated_at: at,
  notified_at: at,
  assigned_to: null,
  author,
  attachments: [],
  external_id: null,
  redacted: false,
  email_message_metadata: null,
  state: 'open',
  tags: [],
  event_details: null,
  app_package_code: null,
  ...more,
});

const eventPart = (id: string, at: number, cast: Cast, random: Random): JsonObject => {
  const admin = authorOf('agent', cast);
  switch (between(random, 0, 4)) {
    case 0:
      return part(id, 'assignment', null, admin, at, {
        assigned_to: { type: 'team', id: teamId(cast.team) },
      });
    case 1:
      return part(id, 'conversation_attribute_updated_by_admin', null, admin, at, {
        event_details: {
          attribute: { name: 'topic area' },
          value: { name: pick(random, ['billing', 'export', 'login']) },
        },
      });
    case 2:
      return part(id, 'snoozed', null, admin, at, { state: 'snoozed' });
    case 3:
      return part(id, 'unsnoozed', null, admin, at);
    default:
      return part(
        id,
        'default_assignment',
        null,
        { type: 'bot', id: FIN_ID, name: 'Operator', email: 'operator+sandbox@example.com' },
        at,
      );
  }
};

const buildParts = (facts: ConversationFacts, steps: readonly Step[], cast: Cast): JsonObject[] => {
  const random = randomOf(facts.seed, FACTS + 1, facts.index);
  let turn = 0;
  return steps.map((step, position) => {
    const id = partId(facts.index, position + 1);
    const message = step.kind === 'turn' ? facts.text.turns[(turn += 1)] : undefined;
    if (message === undefined) return eventPart(id, step.at, cast, random);
    const type = partTypeOf(message.role, random, facts.text.corpusId !== undefined);
    const assigned = type === 'assignment' ? { assigned_to: { type: 'admin', id: adminId(cast.admin) } } : {};
    return part(id, type, message.body, authorOf(message.role, cast), step.at, {
      ...assigned,
      state: type === 'close' ? 'closed' : 'open',
    });
  });
};

const isReply = (item: JsonObject, author: string): boolean =>
  item.body !== null &&
  (item.author as JsonObject).type === author &&
  !String(item.part_type).startsWith('note');

const statisticsOf = (
  facts: ConversationFacts,
  parts: readonly JsonObject[],
  closedAt: number | null,
): JsonObject => {
  const reply = parts.find((item) => isReply(item, 'admin'));
  const replyAt = reply === undefined ? null : Number(reply.created_at);
  const lastAdmin = parts.findLast((item) => isReply(item, 'admin'));
  const lastContact = parts.findLast((item) => isReply(item, 'user') || isReply(item, 'lead'));
  const office = (seconds: number): number => Math.floor(seconds * 0.6);
  return {
    type: 'conversation_statistics',
    time_to_assignment: 0,
    time_to_admin_reply: replyAt === null ? null : office(replyAt - facts.createdAt),
    time_to_first_close: closedAt === null ? null : office(closedAt - facts.createdAt),
    time_to_last_close: closedAt === null ? null : office(closedAt - facts.createdAt),
    median_time_to_reply: replyAt === null ? null : office(replyAt - facts.createdAt),
    first_contact_reply_at: facts.createdAt,
    first_assignment_at: null,
    first_admin_reply_at: replyAt,
    first_close_at: closedAt,
    last_assignment_at: null,
    last_assignment_admin_reply_at: null,
    last_contact_reply_at: lastContact === undefined ? facts.createdAt : Number(lastContact.created_at),
    last_admin_reply_at: lastAdmin === undefined ? null : Number(lastAdmin.created_at),
    last_close_at: closedAt,
    last_closed_by_id: null,
    count_reopens: parts.filter((item) => item.part_type === 'open').length,
    count_assignments: parts.filter((item) => String(item.part_type).includes('assignment')).length,
    count_conversation_parts: parts.length,
  };
};

const ratingOf = (random: Random, at: number, cast: Cast): JsonObject | null => {
  if (!chance(random, 0.22)) return null;
  const rating = pick(random, [5, 5, 5, 4, 4, 3, 2, 1]);
  const remark = chance(random, 0.4) ? (rating >= 4 ? 'Quick and friendly' : 'Took far too long') : null;
  return {
    rating,
    remark,
    created_at: at,
    updated_at: at,
    contact: { type: 'contact', id: contactId(cast.contactIndex), external_id: `u-${cast.contactIndex + 1}` },
    teammate: { type: 'admin', id: Number(adminId(cast.admin)) },
  };
};

/** The complete object of GET /conversations/{id}. */
export const buildConversation = (facts: ConversationFacts): JsonObject => {
  const { seed, index, createdAt, text } = facts;
  const random = randomOf(seed, FACTS, index);
  const contactNumber = Math.floor(random() * facts.contacts);
  const person = personOf(seed, contactNumber);
  const cast: Cast = {
    contact: { type: person.role, id: contactId(contactNumber), name: person.name, email: person.email },
    contactIndex: contactNumber,
    admin: Math.floor(random() * adminCount),
    team: Math.floor(random() * teamCount),
  };
  const steps = stepsOf(seed, index, createdAt, text.turns.length);
  const parts = buildParts(facts, steps, cast);
  const updatedAt = steps.at(-1)?.at ?? createdAt;
  const state = pick(random, ['closed', 'closed', 'closed', 'closed', 'open', 'open', 'snoozed']);
  const closedAt = state === 'closed' ? updatedAt : null;
  const assigned = chance(random, 0.8);
  const opening = text.turns[0] ?? { role: 'customer' as const, body: '' };
  const tags = [
    ...(text.tag === undefined ? [] : [text.tag]),
    ...(chance(random, 0.4) ? [between(random, 1, TAG_NAMES.length - 1)] : []),
  ];
  const ai = text.turns.some((turn) => turn.role === 'bot');
  return {
    type: 'conversation',
    id: conversationId(index),
    title: text.title,
    created_at: createdAt,
    updated_at: updatedAt,
    waiting_since: state === 'open' && chance(random, 0.5) ? updatedAt : null,
    snoozed_until: state === 'snoozed' ? updatedAt + 86_400 : null,
    open: state !== 'closed',
    state,
    read: chance(random, 0.7),
    priority: pick(random, ['none', 'none', 'none', 'none', 'low', 'medium', 'high', 'urgent']),
    admin_assignee_id: assigned ? Number(adminId(cast.admin)) : null,
    team_assignee_id: assigned && chance(random, 0.7) ? Number(teamId(cast.team)) : null,
    company:
      facts.companies > 0 && chance(random, 0.5)
        ? { type: 'company', id: companyId(Math.floor(random() * facts.companies)) }
        : null,
    source: {
      type: text.subject === '' ? 'conversation' : 'email',
      id: partId(index, 0),
      delivered_as: opening.role === 'customer' ? 'customer_initiated' : 'admin_initiated',
      subject: text.subject,
      body: opening.body,
      author: authorOf(opening.role, cast),
      attachments: [],
      url: null,
      redacted: false,
    },
    contacts: {
      type: 'contact.list',
      contacts: [
        {
          type: 'contact',
          id: contactId(contactNumber),
          external_id: person.role === 'user' ? `u-${contactNumber + 1}` : null,
        },
      ],
    },
    teammates: assigned ? { type: 'admin.list', admins: [{ type: 'admin', id: adminId(cast.admin) }] } : null,
    first_contact_reply:
      opening.role === 'customer' ? { created_at: createdAt, type: 'conversation', url: null } : null,
    tags: {
      type: 'tag.list',
      tags: tags.map((tag) => ({
        type: 'tag',
        id: tagId(tag),
        name: TAG_NAMES[tag] ?? '',
        applied_at: createdAt,
        applied_by: { type: 'admin', id: adminId(cast.admin) },
      })),
    },
    conversation_rating: ratingOf(random, updatedAt, cast),
    sla_applied: chance(random, 0.3)
      ? {
          type: 'conversation_sla_summary',
          sla_name: 'First reply in 2 hours',
          sla_status: pick(random, ['hit', 'hit', 'hit', 'missed', 'active']),
        }
      : null,
    statistics: chance(random, 0.95) ? statisticsOf(facts, parts, closedAt) : null,
    ai_agent_participated: ai,
    ai_agent: ai
      ? {
          source_type: 'workflow',
          source_title: null,
          last_answer_type: 'ai_answer',
          resolution_state: pick(random, [
            'assumed_resolution',
            'confirmed_resolution',
            'escalated',
            'negative_feedback',
          ]),
          rating: null,
          rating_remark: null,
          created_at: createdAt,
          updated_at: updatedAt,
          content_sources: { type: 'content_source.list', total_count: 0, content_sources: [] },
        }
      : null,
    custom_attributes: {
      ...(text.corpusId === undefined
        ? { language: text.language, 'order value': between(random, 5, 900), escalated: chance(random, 0.1) }
        : { corpus_id: text.corpusId }),
    },
    topics: {},
    ticket: null,
    linked_objects: { type: 'list', data: [], total_count: 0, has_more: false },
    conversation_parts: {
      type: 'conversation_part.list',
      conversation_parts: parts,
      total_count: parts.length,
    },
  };
};
