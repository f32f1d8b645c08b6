import type { Collection, JsonObject, World } from '../world.ts';
import { castOf, EARLIER_SHARE } from './cast.ts';
import { companyOf } from './companies.ts';
import { contactDetailsOf } from './contact-details.ts';
import { contactOf, contactUpdatedAt, personOf } from './contacts.ts';
import { buildConversation } from './conversation.ts';
import { corpusSource } from './corpus.ts';
import { grammarSource } from './grammar.ts';
import {
  companyId,
  companyIndex,
  contactId,
  contactIndex,
  conversationId,
  conversationIndex,
} from './ids.ts';
import { type Incident, incidentOf } from './incident.ts';
import { listsOf } from './lists.ts';
import { meOf } from './staff.ts';
import { LONGEST_CONVERSATION, walkSteps } from './steps.ts';
import type { TextSource } from './text-source.ts';
import { isTicketIndex } from './tickets.ts';
import { earlierTimes, timelineOf } from './timeline.ts';

/** 2026-10-31T00:00:00Z: fixed, so that a world is the same whenever it is made. */
export const DEFAULT_END_TIME = 1_793_404_800;
const EARLIER_DAYS = 365;
/** Conversations when none is asked for. */
const NATURAL = 1_000;
const CONTACTS_PER_CONVERSATION = 0.6;
const CONTACTS_PER_COMPANY = 12;
/** When none is asked for. */
const MOST_ARTICLES = 400;

export interface WorldOptions {
  readonly seed: number;
  /** Default: 1,000, or each conversation of the corpus once. */
  readonly conversations?: number;
  /** Default: as many as the conversations ask for. */
  readonly contacts?: number;
  readonly companies?: number;
  readonly articles?: number;
  /** Takes the text from this folder instead of the grammar. */
  readonly corpusDir?: string;
  /** Plants an incident (grammar only), see `incidentOf`. */
  readonly incident?: boolean;
  /** End of the two years, Unix seconds: nothing happens later. */
  readonly endTime?: number;
  readonly workspaceId?: string;
  /** Of the workspace; days of contact searches are cut by it. Default: America/Los_Angeles. */
  readonly timeZone?: string;
}

interface Plan {
  readonly seed: number;
  readonly endTime: number;
  readonly workspaceId: string;
  readonly incident: Incident | undefined;
}

/** A quarter of the people was there before the two years, the others came with the conversations. */
const joinTimes = (count: number, { seed, endTime }: Plan): Int32Array => {
  const earlier = Math.floor(count * EARLIER_SHARE);
  const times = new Int32Array(count);
  times.set(earlierTimes(earlier, endTime, EARLIER_DAYS));
  times.set(timelineOf({ count: count - earlier, endTime: endTime - LONGEST_CONVERSATION, seed }), earlier);
  return times;
};

const companiesOf = (count: number, plan: Plan): Collection => {
  const { seed, workspaceId, endTime } = plan;
  const created = joinTimes(count, plan);
  const updated = created.map((time, index) => contactUpdatedAt(seed + 1, index, time, endTime));
  const build = (index: number, createdAt: number, updatedAt: number): JsonObject =>
    companyOf({ seed, index, createdAt, updatedAt, workspaceId });
  return {
    count,
    times: { created_at: created, updated_at: updated },
    id: companyId,
    indexOf: (id) => companyIndex(id, count),
    object: (index) => build(index, created[index] ?? endTime, updated[index] ?? endTime),
    draft: (offset, time) => build(count + offset, time, time),
  };
};

const contactsOf = (count: number, companies: number, plan: Plan): Collection => {
  const { seed, workspaceId, endTime } = plan;
  const created = joinTimes(count, plan);
  const updated = created.map((time, index) => contactUpdatedAt(seed, index, time, endTime));
  const build = (index: number, createdAt: number, updatedAt: number): JsonObject =>
    contactOf({ seed, index, createdAt, updatedAt, companies, workspaceId });
  return {
    count,
    times: { created_at: created, updated_at: updated },
    id: contactId,
    indexOf: (id) => contactIndex(id, count),
    object: (index) => build(index, created[index] ?? endTime, updated[index] ?? endTime),
    draft: (offset, time) => build(count + offset, time, time),
  };
};

const conversationsOf = (
  count: number,
  source: TextSource,
  { contacts, companies }: { readonly contacts: Collection; readonly companies: Collection },
  plan: Plan,
): Collection => {
  const { seed, endTime, incident } = plan;
  const created = timelineOf({
    count,
    endTime: endTime - LONGEST_CONVERSATION,
    seed,
    ...(incident ? { surge: incident } : {}),
  });
  const updated = created.map((createdAt, index) =>
    walkSteps({ seed, index, createdAt, shape: source.shape(index) }),
  );
  const build = (index: number, createdAt: number): JsonObject => {
    const cast = castOf({
      seed,
      index,
      conversations: count,
      contacts: contacts.count,
      companies: companies.count,
    });
    return buildConversation({
      seed,
      index,
      createdAt,
      shape: source.shape(index),
      text: source.text(index, createdAt),
      contact: cast.contact,
      ...(cast.participant === undefined ? {} : { participant: cast.participant }),
      company: cast.company === undefined ? null : companies.object(cast.company),
    });
  };
  return {
    count,
    times: { created_at: created, updated_at: updated },
    id: conversationId,
    indexOf: (id) => conversationIndex(id, count),
    object: (index) => build(index, created[index] ?? endTime),
    draft: (offset, time) => build(count + offset, time),
  };
};

/**
 * A deterministic workspace: the same options give the same objects, in any order of asking.
 * @throws Error when the corpus cannot be read
 */
export const createWorld = async (options: WorldOptions): Promise<World> => {
  const { seed } = options;
  const endTime = options.endTime ?? DEFAULT_END_TIME;
  const corpus = options.corpusDir === undefined ? undefined : corpusSource(options.corpusDir, seed);
  const count = options.conversations ?? corpus?.natural ?? NATURAL;
  const incident = options.incident ? incidentOf({ seed, endTime, conversations: count }) : undefined;
  const source = corpus ?? grammarSource({ seed, ...(incident ? { incident } : {}) });
  const plan: Plan = { seed, endTime, incident, workspaceId: options.workspaceId ?? `sandbox${seed}` };
  const contactCount = options.contacts ?? Math.max(5, Math.ceil(count * CONTACTS_PER_CONVERSATION));
  const companies = companiesOf(
    options.companies ?? Math.max(3, Math.ceil(contactCount / CONTACTS_PER_COMPANY)),
    plan,
  );
  const contacts = contactsOf(contactCount, companies.count, plan);
  const timeZone = options.timeZone ?? 'America/Los_Angeles';
  const start = endTime - 4 * 365 * 86_400;
  return {
    workspace: {
      id_code: plan.workspaceId,
      name: 'Sandbox Workspace',
      region: 'US',
      timezone: timeZone,
      created_at: start,
    },
    me: meOf(),
    lists: listsOf({
      seed,
      workspaceId: plan.workspaceId,
      start,
      endTime,
      timeZone,
      articles: options.articles ?? Math.min(MOST_ARTICLES, 20 + Math.floor(count / 100)),
    }),
    companies,
    contacts,
    contactDetails: (index, createdAt = contacts.times.created_at[index] ?? endTime) =>
      contactDetailsOf({
        seed,
        index,
        createdAt,
        user: personOf(seed, index).role === 'user',
        companies: companies.count,
      }),
    conversations: conversationsOf(count, source, { contacts, companies }, plan),
    isTicket: isTicketIndex,
  };
};
