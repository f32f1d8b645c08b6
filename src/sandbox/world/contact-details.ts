import type { ContactDetails, JsonObject } from '../world.ts';
import { companyId, contactId } from './ids.ts';
import { between, chance, type Random, randomOf } from './random.ts';
import { ADMIN_COUNT, adminAuthor, adminId, TAG_NAMES, tagId } from './staff.ts';
import { SEGMENT_COUNT, segmentId, SUBSCRIPTION_IDS } from './workspace-lists.ts';

const STREAM = 15;
const DAY = 86_400;
const NOTES_A_CONTACT = 64;
const NOTE_BASE = 40_000_000_000;

export interface DetailFacts {
  readonly seed: number;
  readonly index: number;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly user: boolean;
  /** How many there are; users belong to some. */
  readonly companies: number;
}

const tagsOf = (random: Random, at: number): JsonObject[] => {
  const count = chance(random, 0.01) ? TAG_NAMES.length : chance(random, 0.25) ? 1 : 0;
  const first = between(random, 0, TAG_NAMES.length - 1);
  return Array.from({ length: count }, (_, offset) => {
    const tag = (first + offset) % TAG_NAMES.length;
    return {
      type: 'tag',
      id: tagId(tag),
      name: TAG_NAMES[tag] ?? '',
      applied_at: at,
      applied_by: { type: 'admin', id: adminId(between(random, 0, ADMIN_COUNT - 1)) },
    };
  });
};

/** Newest first, as Intercom lists them. */
const notesOf = (random: Random, { index, createdAt }: DetailFacts): JsonObject[] => {
  const count = chance(random, 0.01)
    ? between(random, 12, 60)
    : chance(random, 0.1)
      ? between(random, 1, 3)
      : 0;
  return Array.from({ length: count }, (_, number): JsonObject => {
    const author = adminAuthor(between(random, 0, ADMIN_COUNT - 1));
    return {
      type: 'note',
      id: String(NOTE_BASE + index * NOTES_A_CONTACT + number),
      created_at: createdAt + number * DAY,
      contact: { type: 'contact', id: contactId(index) },
      author: { ...author, away_mode_enabled: false, away_mode_reassign: false },
      body: `<p>Called, note ${number + 1} of ${count}.</p>`,
    };
  }).reverse();
};

/** Hardly anybody belongs to more companies than a contact shows. */
const companiesOf = (random: Random, { user, companies }: DetailFacts): string[] => {
  const first = Math.floor(random() * companies);
  const wanted = chance(random, 0.01) ? between(random, 11, 70) : chance(random, 0.05) ? 2 : 1;
  if (!user) return [];
  return Array.from({ length: Math.min(wanted, companies) }, (_, offset) =>
    companyId((first + offset) % companies),
  );
};

const some = (random: Random, ids: readonly string[], share: number): string[] =>
  ids.filter(() => chance(random, share));

/** All that hangs at a contact; the contact itself shows ten of each (API-FACTS 5.3). */
export const contactDetailsOf = (facts: DetailFacts): ContactDetails => {
  const random = randomOf(facts.seed, STREAM, facts.index);
  const segments = Array.from({ length: SEGMENT_COUNT }, (_, index) => segmentId(index));
  return {
    tags: tagsOf(random, facts.createdAt),
    notes: notesOf(random, facts),
    companies: companiesOf(random, facts),
    segments: some(random, segments, 0.3),
    optedOut: some(random, SUBSCRIPTION_IDS.slice(0, 1), 0.08),
    optedIn: some(random, SUBSCRIPTION_IDS.slice(1, 2), 0.1),
  };
};

/** A contact shows this many of each list. */
const SHOWN = 10;

const subList = (url: string, data: JsonObject[]): JsonObject => ({
  type: 'list',
  data: data.slice(0, SHOWN),
  url,
  total_count: data.length,
  has_more: data.length > SHOWN,
});

/** The lists as a contact carries them: references, at most ten. */
export const subListsOf = (id: string, details: ContactDetails): JsonObject => {
  const at = (name: string): string => `/contacts/${id}/${name}`;
  const subscriptions = (ids: readonly string[]): JsonObject =>
    subList(
      at('subscriptions'),
      ids.map((each) => ({ type: 'subscription', id: each, url: `/subscription_types/${each}` })),
    );
  return {
    tags: subList(
      at('tags'),
      details.tags.map((tag) => ({ id: tag.id ?? '', type: 'tag', url: `/tags/${String(tag.id)}` })),
    ),
    notes: subList(
      at('notes'),
      details.notes.map((note) => ({ id: note.id ?? '', type: 'note', url: `/notes/${String(note.id)}` })),
    ),
    companies: subList(
      at('companies'),
      details.companies.map((company) => ({ type: 'company', id: company, url: `/companies/${company}` })),
    ),
    opted_out_subscription_types: subscriptions(details.optedOut),
    opted_in_subscription_types: subscriptions(details.optedIn),
  };
};
