import type { ContactDetails, JsonObject, ListName, World } from '../world.ts';
import { textOf } from '../text-of.ts';
import { type Quality, qualityOf } from '../world/quality.ts';
import { createLiveTable, type LiveTable, type Subset } from './live-table.ts';
import { createTicketTable, type TicketStep } from './ticket-table.ts';

export interface Deletion {
  readonly id: string;
  readonly metrics_retained: boolean;
  /** Unix seconds. */
  readonly deleted_at: number;
}

export interface Merge {
  readonly from: string;
  readonly into: string;
  readonly role: string;
  /** Unix seconds. */
  readonly at: number;
}

/** The workspace as it is now. */
export interface LiveWorld {
  readonly world: World;
  /** Tickets are among them: subset `tickets`; the others are the subset `plain`. */
  readonly conversations: LiveTable;
  /** The tickets among the conversations, as tickets. Changes go through `conversations`. */
  readonly tickets: LiveTable;
  readonly contacts: LiveTable;
  /** Subset `listed`: those that have a user. */
  readonly companies: LiveTable;
  /** The small tables. */
  readonly lists: Readonly<Record<ListName, JsonObject[]>>;
  /** All that hangs at a contact, whether or not the contact shows it. */
  details(contactId: string): ContactDetails | undefined;
  readonly changedDetails: Map<string, ContactDetails>;
  /** What QA found in a conversation, where it was changed; see {@link LiveWorld.quality}. */
  readonly changedQuality: Map<string, Quality>;
  /** What monitors and scorecards say of a conversation. */
  quality(conversation: JsonObject): Quality;
  /** Oldest first. */
  readonly deletions: Deletion[];
  /** Contact → the one it was merged into. */
  readonly merges: Map<string, string>;
  /** Oldest first. */
  readonly mergeLog: Merge[];
  /** Pages of a scroll of the companies, from 1, that fail once and end it. */
  readonly scrollBreaks: Set<number>;
  /** Changes of the state of tickets, by the id of the part that tells of it. */
  readonly ticketSteps: Map<string, TicketStep>;
  /** Unix seconds. */
  now(): number;
  /** An id that no part of the world has. */
  newPartId(): string;
}

const NEW_PART_IDS = 80_000_000_000;

/** Companies that have lost their last user are in no list (API-FACTS 5.4). Each is looked at once. */
const listedCompanies = ({ companies }: World): Subset => {
  const known = new Uint8Array(companies.count);
  return {
    first(rank) {
      if (known[rank] === 0) known[rank] = companies.object(rank).user_count === 0 ? 1 : 2;
      return known[rank] === 2;
    },
    holds: (company) => company.user_count !== 0,
  };
};

export const createLiveWorld = (
  world: World,
  options: { readonly now: () => number; readonly indexLag: () => number },
): LiveWorld => {
  let parts = 0;
  const conversations = createLiveTable(world.conversations, {
    ...options,
    subsets: {
      tickets: { first: world.isTicket, holds: ({ ticket }) => (ticket ?? null) !== null },
      plain: { first: (rank) => !world.isTicket(rank), holds: ({ ticket }) => (ticket ?? null) === null },
    },
  });
  const contacts = createLiveTable(world.contacts, options);
  const lists = Object.fromEntries(
    Object.entries(world.lists).map(([name, items]) => [name, structuredClone([...items])]),
  ) as Record<ListName, JsonObject[]>;
  const changedDetails = new Map<string, ContactDetails>();
  const changedQuality = new Map<string, Quality>();
  const ticketSteps = new Map<string, TicketStep>();
  return {
    world,
    conversations,
    tickets: createTicketTable(conversations, {
      types: () => lists.ticket_types,
      stepOf: (partId) => ticketSteps.get(partId),
    }),
    contacts,
    companies: createLiveTable(world.companies, {
      ...options,
      subsets: { listed: listedCompanies(world) },
    }),
    lists,
    details(id) {
      const rank = contacts.rankOf(id);
      const contact = rank === undefined ? undefined : contacts.at(rank);
      if (rank === undefined || contact === undefined) return undefined;
      return changedDetails.get(id) ?? world.contactDetails(rank, Number(contact.created_at));
    },
    changedDetails,
    changedQuality,
    quality: ({ id, created_at }) =>
      changedQuality.get(textOf(id)) ?? qualityOf(textOf(id), Number(created_at)),
    deletions: [],
    merges: new Map(),
    mergeLog: [],
    scrollBreaks: new Set(),
    ticketSteps,
    now: options.now,
    newPartId: () => String(NEW_PART_IDS + (parts += 1)),
  };
};

export const partsOf = (conversation: JsonObject): JsonObject[] =>
  (conversation.conversation_parts as { conversation_parts: JsonObject[] }).conversation_parts;
