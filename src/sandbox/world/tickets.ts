import type { JsonObject, JsonValue } from '../world.ts';
import { between, chance, pick, randomOf } from './random.ts';
import { ticketState, USED_TYPES } from './ticket-types.ts';

const STREAM = 61;
const EVERY = 12;
const REST = 5;
const DAY = 86_400;

/** Tickets are conversations (API-FACTS 5.1): one in twelve is one, and which is a property of its index. */
export const isTicketIndex = (index: number): boolean => index % EVERY === REST;

/** What the state of a conversation makes of its ticket. */
const STATE_OF: Readonly<Record<string, number>> = { closed: 3, snoozed: 2 };

const CATEGORIES = ['Customer', 'Back-office', 'Tracker'] as const;

const attributesOf = (type: number, random: () => number, createdAt: number): Record<string, JsonValue> => {
  if (type === 1)
    return { Amount: between(random, 100, 90_000) / 100, Due: createdAt + between(random, 1, 9) * DAY };
  if (type === 2) return { 'Affected users': between(random, 1, 900) };
  return {
    Severity: pick(random, ['Low', 'Medium', 'High']),
    Reproducible: chance(random, 0.5),
    'Log file': chance(random, 0.2)
      ? {
          type: 'file',
          name: 'app.log',
          url: `https://downloads.example.com/f/${between(random, 1_000_000, 9_999_999)}/app.log?expires=1800`,
          content_type: 'text/plain',
          filesize: between(random, 900, 90_000),
        }
      : null,
  };
};

/**
 * The `ticket` of a conversation: what a ticket has and a conversation has not. `ticket_id` is the number that the inbox
 * shows, `id` the one that the API takes.
 */
export const ticketOfConversation = (facts: {
  readonly seed: number;
  readonly index: number;
  readonly id: string;
  readonly state: string;
  readonly answered: boolean;
  readonly title: string;
  readonly description: string;
  readonly createdAt: number;
}): JsonObject => {
  const random = randomOf(facts.seed, STREAM, facts.index);
  const type = Math.floor(facts.index / EVERY) % USED_TYPES;
  const state = STATE_OF[facts.state] ?? (facts.answered ? (chance(random, 0.2) ? 4 : 1) : 0);
  return {
    type: 'ticket',
    id: facts.id,
    ticket_id: String(facts.index + 1),
    category: CATEGORIES[type] ?? 'Customer',
    ticket_type_id: String(67 + type),
    ticket_state: ticketState(state),
    ticket_attributes: {
      _default_title_: facts.title,
      _default_description_: chance(random, 0.1) ? null : facts.description,
      ...attributesOf(type, random, facts.createdAt),
    },
    is_shared: type === 0,
    previous_ticket_state_id: state === 0 ? null : '8321',
  };
};
