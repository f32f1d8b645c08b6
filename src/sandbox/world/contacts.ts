import type { JsonObject } from '../world.ts';
import { contactId } from './ids.ts';
import { FIRST_NAMES, LAST_NAMES } from './names.ts';
import { contactDetailsOf, subListsOf } from './contact-details.ts';
import { between, chance, pick, randomOf } from './random.ts';
import { ADMIN_COUNT, adminId } from './staff.ts';

const PERSON = 11;
const FACTS = 12;
const UPDATED = 14;

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly role: 'user' | 'lead';
}

export const personOf = (seed: number, index: number): Person => {
  const random = randomOf(seed, PERSON, index);
  const name = `${pick(random, FIRST_NAMES)} ${pick(random, LAST_NAMES)}`;
  const role = chance(random, 0.85) ? 'user' : 'lead';
  return {
    name,
    email: `person${index + 1}@${pick(random, ['example.com', 'example.org', 'example.net'])}`,
    role,
  };
};

/** The contact as the author of a message (API-FACTS 6.12). */
export const contactAuthor = (seed: number, index: number): JsonObject => {
  const { role, name, email } = personOf(seed, index);
  return { type: role, id: contactId(index), name, email };
};

/** The contact as conversations and ratings refer to it. */
export const contactReference = (seed: number, index: number): JsonObject => ({
  type: 'contact',
  id: contactId(index),
  external_id: personOf(seed, index).role === 'user' ? `u-${index + 1}` : null,
});

/** Recent changes are likelier; none is later than `endTime`. Unix seconds. */
export const contactUpdatedAt = (seed: number, index: number, createdAt: number, endTime: number): number =>
  createdAt + Math.floor(Math.max(0, endTime - createdAt) * randomOf(seed, UPDATED, index)() ** 2);

const PLACES = [
  {
    country: 'United States',
    region: 'California',
    city: 'Oakland',
    country_code: 'USA',
    continent_code: 'NA',
  },
  { country: 'Germany', region: 'Hesse', city: 'Kassel', country_code: 'DEU', continent_code: 'EU' },
  { country: 'Japan', region: 'Kōchi', city: 'Kōchi', country_code: 'JPN', continent_code: 'AS' },
] as const;
const NOWHERE = { country: null, region: null, city: null, country_code: null, continent_code: null };

const PLATFORM_FIELDS = ['app_name', 'app_version', 'device', 'os_version', 'sdk_version', 'last_seen_at'];

/** What stays empty until a workspace uses it, as in Intercom's own example. */
const UNUSED = Object.fromEntries(
  [
    ...['android', 'ios'].flatMap((platform) => PLATFORM_FIELDS.map((field) => `${platform}_${field}`)),
    ...['campaign', 'content', 'medium', 'source', 'term'].map((field) => `utm_${field}`),
    'referrer',
  ].map((field) => [field, null]),
);

/** GET /contacts/{id} of 2.16: `owner_id` is a string (API-FACTS 6.15). Times in Unix seconds. */
export const contactOf = (facts: {
  readonly seed: number;
  readonly index: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly companies: number;
  readonly workspaceId: string;
}): JsonObject => {
  const { seed, index, createdAt, updatedAt, companies } = facts;
  const random = randomOf(seed, FACTS, index);
  const person = personOf(seed, index);
  const id = contactId(index);
  const user = person.role === 'user';
  const details = contactDetailsOf({ seed, index, createdAt, user, companies });
  const browses = chance(random, 0.5);
  return {
    type: 'contact',
    id,
    workspace_id: facts.workspaceId,
    external_id: user ? `u-${index + 1}` : null,
    role: person.role,
    email: person.email,
    email_domain: person.email.slice(person.email.indexOf('@') + 1),
    phone: chance(random, 0.3) ? `+1555${between(random, 1_000_000, 9_999_999)}` : null,
    name: person.name,
    avatar: null,
    owner_id: chance(random, 0.2) ? adminId(between(random, 0, ADMIN_COUNT - 1)) : null,
    social_profiles: { type: 'list', data: [] },
    has_hard_bounced: false,
    marked_email_as_spam: false,
    unsubscribed_from_emails: chance(random, 0.05),
    created_at: createdAt,
    updated_at: updatedAt,
    signed_up_at: user ? createdAt : null,
    last_seen_at: user ? updatedAt : null,
    last_replied_at: null,
    last_contacted_at: null,
    last_email_opened_at: null,
    last_email_clicked_at: null,
    language_override: chance(random, 0.1) ? 'de' : null,
    browser: browses ? 'chrome' : null,
    browser_version: browses ? '141.0' : null,
    browser_language: browses ? 'en' : null,
    os: browses ? 'OS X 15.1' : null,
    location: { type: 'location', ...(browses ? pick(random, PLACES) : NOWHERE) },
    ...UNUSED,
    custom_attributes: { plan: pick(random, ['free', 'pro', 'enterprise']), seats: between(random, 1, 250) },
    ...subListsOf(id, details),
  };
};
