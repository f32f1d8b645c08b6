import type { JsonObject } from '../world.ts';
import { contactAuthor, contactReference, personOf } from './contacts.ts';
import { eventPart } from './events.ts';
import { conversationId, partId } from './ids.ts';
import { messagePart } from './messages.ts';
import { aiAgentOf, ratingOf, slaOf } from './outcome.ts';
import { hasIntegerPartIds, partListOf } from './parts.ts';
import { between, chance, pick, type Random, randomOf } from './random.ts';
import { ADMIN_COUNT, adminAuthor, adminId, finAuthor, TAG_NAMES, tagId, teamId } from './staff.ts';
import { statisticsOf } from './statistics.ts';
import { walkSteps } from './steps.ts';
import type { Shape, SourceText, SourceTurn } from './text-source.ts';
import { isTicketIndex, ticketOfConversation } from './tickets.ts';
import { createTrace, customerWrote, type Trace } from './trace.ts';

const STREAM = 42;
const PARTS_STREAM = 43;

export interface ConversationFacts {
  readonly seed: number;
  readonly index: number;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly shape: Shape;
  readonly text: SourceText;
  /** Index of the customer. */
  readonly contact: number;
  /** Index of a second one, in a group conversation. */
  readonly participant?: number;
  /** As GET /companies/{id} shows it; null: none. */
  readonly company: JsonObject | null;
}

const openingAuthor = (facts: ConversationFacts, turn: SourceTurn, trace: Trace): JsonObject => {
  if (turn.role === 'bot') return finAuthor();
  if (turn.role === 'agent') {
    trace.teammates.add(trace.handler);
    return adminAuthor(trace.handler);
  }
  customerWrote(trace, facts.createdAt);
  return contactAuthor(facts.seed, facts.contact);
};

/** Tells the conversation part by part. @returns the parts and the time of the last change */
const tellParts = (facts: ConversationFacts, trace: Trace): { parts: JsonObject[]; updatedAt: number } => {
  const { seed, index, createdAt, shape, text } = facts;
  const random = randomOf(seed, PARTS_STREAM, index);
  const writers = [facts.contact, facts.participant ?? facts.contact].map((contact) =>
    contactAuthor(seed, contact),
  );
  const parts: JsonObject[] = [];
  let turn = 0;
  const updatedAt = walkSteps({ seed, index, createdAt, shape }, (kind, at) => {
    const id = partId(index, parts.length + 1);
    const message = kind === 'turn' ? text.turns[(turn += 1)] : undefined;
    if (message === undefined) parts.push(eventPart(trace, { id, at, last: kind === 'last' }, random));
    else {
      const customer = (chance(random, 0.3) ? writers[1] : writers[0]) ?? {};
      const lastTurn = turn === text.turns.length - 1;
      parts.push(messagePart(trace, { id, at, turn: message, lastTurn, customer }, random));
    }
  });
  if (hasIntegerPartIds(index)) for (const part of parts) part.id = Number(part.id);
  return { parts, updatedAt };
};

const emailFields = (facts: ConversationFacts): JsonObject => {
  const { email, name } = personOf(facts.seed, facts.contact);
  const subject = facts.text.subject.replaceAll(/<[^>]*>/g, '');
  return {
    recipients: [{ type: 'to', email: 'support@example.com', drop_reason: null }],
    reply_to: [{ email, name }],
    email_message_metadata: {
      message_id: `<${conversationId(facts.index)}@example.com>`,
      subject,
      email_address_headers: [{ type: 'from', email_address: email, name }],
    },
  };
};

/** The opening message, which no part repeats (API-FACTS 6.2). */
const sourceOf = (facts: ConversationFacts, opening: SourceTurn, author: JsonObject): JsonObject => ({
  type: facts.text.subject === '' ? 'conversation' : 'email',
  id: partId(facts.index, 0),
  delivered_as: { customer: 'customer_initiated', agent: 'admin_initiated', bot: 'operator_initiated' }[
    opening.role
  ],
  subject: facts.text.subject,
  body: opening.body,
  author,
  attachments: [...(opening.attachments ?? [])],
  url: facts.text.subject === '' ? 'https://app.example.com/settings' : null,
  redacted: false,
  ...(facts.text.subject === '' ? {} : emailFields(facts)),
});

const tagsOf = (facts: ConversationFacts, random: Random, admin: number): JsonObject => {
  const wanted = facts.text.tag === undefined ? [] : [facts.text.tag];
  const tags = chance(random, 0.4) ? [...wanted, between(random, 1, TAG_NAMES.length - 1)] : wanted;
  return {
    type: 'tag.list',
    tags: tags.map((tag) => ({
      type: 'tag',
      id: tagId(tag),
      name: TAG_NAMES[tag] ?? '',
      applied_at: facts.createdAt,
      applied_by: { type: 'admin', id: adminId(admin) },
    })),
  };
};

/** Text from a corpus brings its id and nothing else; the rest stands for all types of values (API-FACTS 6.15). */
const attributesOf = (facts: ConversationFacts, random: Random): JsonObject => {
  const { corpusId, language } = facts.text;
  if (corpusId !== undefined) return { corpus_id: corpusId };
  return {
    language,
    'order value': between(random, 5, 90_000) / 100,
    'Copilot used': chance(random, 0.1),
    'CX Score rating': chance(random, 0.6) ? between(random, 1, 5) : null,
    ...(chance(random, 0.05) ? { Orders: { type: 'order.list', instances: [] } } : {}),
  };
};

/** Nobody is 0 in 2.16, and now and then still null (API-FACTS 6.1). */
const nobody = (index: number): number | null => (index % 5 === 0 ? null : 0);

const teammatesOf = (trace: Trace): JsonObject | null =>
  trace.teammates.size === 0
    ? null
    : {
        type: 'admin.list',
        teammates: [...trace.teammates].map((admin) => ({ type: 'admin', id: adminId(admin) })),
      };

const ticketIn = (facts: ConversationFacts, trace: Trace): JsonObject => {
  const { seed, index, createdAt, text } = facts;
  const subject = (text.title ?? text.subject).replaceAll(/<[^>]*>/g, '');
  return ticketOfConversation({
    seed,
    index,
    id: conversationId(index),
    state: trace.state,
    answered: trace.adminReplies.length > 0,
    title: subject === '' ? `Ticket ${index + 1}` : subject,
    description: text.turns[0]?.body ?? '',
    createdAt,
  });
};

/** The complete object of GET /conversations/{id}; the same facts give the same bytes. */
export const buildConversation = (facts: ConversationFacts): JsonObject => {
  const { seed, index, createdAt, text, contact, participant } = facts;
  const random = randomOf(seed, STREAM, index);
  const opening = text.turns[0] ?? { role: 'customer', body: '' };
  const handler = between(random, 0, ADMIN_COUNT - 1);
  const trace = createTrace(handler);
  const author = openingAuthor(facts, opening, trace);
  const { parts, updatedAt } = tellParts(facts, trace);
  const ai = text.turns.some((turn) => turn.role === 'bot');
  const channel = text.subject === '' ? 'Chat' : 'Email';
  const firstReply = trace.contactReplies[0];
  return {
    type: 'conversation',
    id: conversationId(index),
    title: text.title,
    created_at: createdAt,
    updated_at: updatedAt,
    waiting_since: trace.state === 'open' ? trace.waitingSince : null,
    snoozed_until: trace.snoozedUntil,
    open: trace.state !== 'closed',
    state: trace.state,
    read: chance(random, 0.7),
    priority: pick(random, ['none', 'none', 'none', 'none', 'low', 'medium', 'high', 'urgent']),
    admin_assignee_id: trace.admin === null ? nobody(index) : Number(adminId(trace.admin)),
    team_assignee_id: trace.team === null ? nobody(index) : Number(teamId(trace.team)),
    company: facts.company,
    source: sourceOf(facts, opening, author),
    contacts: {
      type: 'contact.list',
      contacts: [contact, ...(participant === undefined ? [] : [participant])].map((each) =>
        contactReference(seed, each),
      ),
    },
    teammates: teammatesOf(trace),
    first_contact_reply:
      firstReply === undefined
        ? null
        : { created_at: firstReply, type: text.subject === '' ? 'conversation' : 'email', url: null },
    tags: tagsOf(facts, random, handler),
    conversation_rating: ratingOf({ random, trace, seed, contact, updatedAt }),
    sla_applied: slaOf(random, trace, createdAt),
    statistics: chance(random, 0.95) ? statisticsOf(trace, createdAt, parts.length) : null,
    ai_agent_participated: ai,
    ai_agent: ai ? aiAgentOf(random, trace, createdAt, updatedAt) : null,
    sales_agent_participated: false,
    sales_agent: null,
    channel: { initial: channel, current: channel },
    external_references: [],
    custom_attributes: attributesOf(facts, random),
    topics: {},
    ticket: isTicketIndex(index) ? ticketIn(facts, trace) : null,
    linked_objects: { type: 'list', data: [], total_count: 0, has_more: false },
    conversation_parts: partListOf(parts),
  };
};
