import type { JsonObject } from '../world.ts';
import { contactId, companyId } from './ids.ts';
import { between, chance, pick, randomOf } from './random.ts';

const FIRST = [
  'Ana',
  'Ben',
  'Chloé',
  'Daniel',
  'Elif',
  'Finn',
  'Greta',
  'Hana',
  'Igor',
  'Jun',
  'Kofi',
  'Lena',
  'Mateo',
  'Nadia',
  'Oskar',
  'Priya',
  'Quinn',
  'Rosa',
  'Søren',
  'Tomáš',
];
const LAST = [
  'Almeida',
  'Berg',
  'Costa',
  'Dubois',
  'Eriksen',
  'Fischer',
  'García',
  'Hoang',
  'Ito',
  'Jensen',
  'Kovač',
  'Lindqvist',
  'Müller',
  'Novák',
  'O’Neill',
  'Petrova',
  'Rossi',
  'Sato',
  'Tanaka',
  'Weber',
];
const COMPANIES = [
  'Acorn Works',
  'Bluefin Labs',
  'Copper & Sons',
  'Delta Freight',
  'Elm Street Bakery',
  'Fjord Travel',
  'Granite Bank',
  'Harbour Health',
];
export const TAG_NAMES = [
  'incident',
  'billing',
  'bug',
  'refund',
  'feature request',
  'onboarding',
  'shipping',
  'login',
  'churn risk',
  'VIP',
  'data export',
  'mobile app',
];
const TEAM_NAMES = ['Support', 'Billing', 'Engineering', 'Onboarding', 'Success'];
const ADMIN_COUNT = 14;
export const FIN_ID = '99901';

export const adminId = (index: number): string => String(5_017_000 + index);
export const teamId = (index: number): string => String(6_020 + index);
export const tagId = (index: number): string => String(7_300_100 + index);
export const adminCount = ADMIN_COUNT;
export const teamCount = TEAM_NAMES.length;

export const adminName = (index: number): string =>
  `${FIRST[index % FIRST.length]} ${LAST[(index * 7 + 3) % LAST.length]}`;

export const adminsOf = (): JsonObject[] =>
  Array.from({ length: ADMIN_COUNT }, (_, index) => ({
    type: 'admin',
    id: adminId(index),
    name: adminName(index),
    email: `teammate${index + 1}@example.com`,
    job_title: index === 0 ? 'Head of Support' : 'Support Specialist',
    away_mode_enabled: false,
    away_mode_reassign: false,
    has_inbox_seat: true,
    team_ids: [Number(teamId(index % TEAM_NAMES.length))],
    team_priority_level: {},
  }));

export const teamsOf = (): JsonObject[] =>
  TEAM_NAMES.map((name, index) => ({
    type: 'team',
    id: teamId(index),
    name,
    admin_ids: Array.from({ length: ADMIN_COUNT }, (_, admin) => admin)
      .filter((admin) => admin % TEAM_NAMES.length === index)
      .map((admin) => Number(adminId(admin))),
    distribution_method: 'round_robin',
  }));

export const tagsOf = (): JsonObject[] =>
  TAG_NAMES.map((name, index) => ({ type: 'tag', id: tagId(index), name }));

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly role: 'user' | 'lead';
}

export const personOf = (seed: number, index: number): Person => {
  const random = randomOf(seed, 11, index);
  const name = `${pick(random, FIRST)} ${pick(random, LAST)}`;
  const role = chance(random, 0.85) ? 'user' : 'lead';
  return {
    name,
    email: `person${index + 1}@${pick(random, ['example.com', 'example.org', 'example.net'])}`,
    role,
  };
};

const subList = (url: string, data: JsonObject[]): JsonObject => ({
  type: 'list',
  data,
  url,
  total_count: data.length,
  has_more: false,
});

export const contactOf = (
  seed: number,
  index: number,
  createdAt: number,
  companies: number,
  workspace: string,
): JsonObject => {
  const random = randomOf(seed, 12, index);
  const person = personOf(seed, index);
  const id = contactId(index);
  const company = companies > 0 && person.role === 'user' ? Math.floor(random() * companies) : undefined;
  return {
    type: 'contact',
    id,
    workspace_id: workspace,
    external_id: person.role === 'user' ? `u-${index + 1}` : null,
    role: person.role,
    email: person.email,
    phone: chance(random, 0.3) ? `+1555${String(between(random, 1_000_000, 9_999_999))}` : null,
    name: person.name,
    avatar: null,
    owner_id: null,
    has_hard_bounced: false,
    marked_email_as_spam: false,
    unsubscribed_from_emails: false,
    created_at: createdAt,
    updated_at: createdAt + between(random, 0, 86_400),
    signed_up_at: person.role === 'user' ? createdAt : null,
    last_seen_at: null,
    last_replied_at: null,
    last_contacted_at: null,
    last_email_opened_at: null,
    last_email_clicked_at: null,
    language_override: null,
    browser: null,
    browser_version: null,
    browser_language: null,
    os: null,
    location: {
      type: 'location',
      country: null,
      region: null,
      city: null,
      country_code: null,
      continent_code: null,
    },
    tags: subList(`/contacts/${id}/tags`, []),
    notes: subList(`/contacts/${id}/notes`, []),
    companies: subList(
      `/contacts/${id}/companies`,
      company === undefined
        ? []
        : [{ type: 'company', id: companyId(company), url: `/companies/${companyId(company)}` }],
    ),
    social_profiles: { type: 'list', data: [] },
    custom_attributes: { plan: pick(random, ['free', 'pro', 'enterprise']), seats: between(random, 1, 250) },
  };
};

export const companyOf = (seed: number, index: number, createdAt: number): JsonObject => {
  const random = randomOf(seed, 13, index);
  return {
    type: 'company',
    id: companyId(index),
    company_id: `c-${index + 1}`,
    name: `${COMPANIES[index % COMPANIES.length]} ${index + 1}`,
    app_id: 'sandbox',
    plan: {},
    remote_created_at: createdAt,
    created_at: createdAt,
    updated_at: createdAt,
    last_request_at: null,
    size: between(random, 3, 5_000),
    website: `https://company${index + 1}.example.com`,
    industry: null,
    monthly_spend: between(random, 0, 9_000),
    session_count: 0,
    user_count: between(random, 1, 40),
    custom_attributes: {},
    tags: { type: 'tag.list', tags: [] },
    segments: { type: 'segment.list', segments: [] },
  };
};
