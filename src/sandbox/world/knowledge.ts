import type { JsonObject } from '../world.ts';
import { between, chance, pick, randomOf } from './random.ts';
import { ADMIN_COUNT, adminId, teamId } from './staff.ts';

const ARTICLE = 81;
const INTERNAL = 82;
const MACRO = 83;
const DAY = 86_400;
const COLLECTIONS = 6;
const TOPICS = [
  ['Refunds and returns', 'A refund takes five working days after we have the parcel.'],
  ['Reset your password', 'Choose “Forgot password” and follow the link within an hour.'],
  ['Invoices', 'Invoices are sent on the first day of the month; find them under Billing.'],
  ['Export your data', 'Open Settings, then Data, and choose the format of the export.'],
  ['Connect a webhook', 'Give us an address that answers within five seconds.'],
  ['Shipping times', 'Parcels reach you within two to four days.'],
] as const;

export interface KnowledgeFacts {
  readonly seed: number;
  readonly workspaceId: string;
  /** Unix seconds. */
  readonly start: number;
  readonly endTime: number;
}

const adminNumber = (random: () => number): number => Number(adminId(between(random, 0, ADMIN_COUNT - 1)));
const collectionId = (index: number): string => String(159 + index);
const HELP_URL = 'https://help.example.com';

export const helpCentersOf = ({ workspaceId, start }: KnowledgeFacts): JsonObject[] =>
  ['help', 'pro'].map((identifier, index) => ({
    id: String(10 + index),
    workspace_id: workspaceId,
    created_at: start,
    updated_at: start + index,
    identifier,
    website_turned_on: index === 0,
    display_name: index === 0 ? 'Help' : 'Pro help',
    url: index === 0 ? HELP_URL : `https://${identifier}.example.com`,
    custom_domain: index === 0 ? 'help.example.com' : null,
    default: index === 0,
    locales: ['en', 'de'],
  }));

/** A tree: children name their parent and no help center (API-FACTS 5.6). */
export const collectionsOf = ({ workspaceId, start }: KnowledgeFacts): JsonObject[] =>
  Array.from({ length: COLLECTIONS }, (_, index) => {
    const child = index >= 4;
    const name = TOPICS[index]?.[0] ?? '';
    return {
      id: collectionId(index),
      workspace_id: workspaceId,
      name,
      description: child ? null : `All about ${name}`,
      created_at: start + index,
      updated_at: start + index * 7,
      url: `${HELP_URL}/collection-${index}`,
      icon: 'bookmark',
      order: index,
      default_locale: 'en',
      translated_content: null,
      parent_id: child ? collectionId(index - 4) : null,
      help_center_id: child ? null : 10,
    };
  });

const contentOf = (title: string, text: string, at: number, author: number): JsonObject => ({
  type: 'article_content',
  title,
  description: '',
  body: `<h1 id="h">${title}</h1><p class="no-margin">${text}</p>`,
  body_markdown: `# ${title}\n\n${text}`,
  author_id: author,
  state: 'published',
  created_at: at,
  updated_at: at,
  has_unpublished_changes: false,
  draft_updated_at: null,
  url: `${HELP_URL}/de/articles`,
  ai_chatbot_availability: true,
  ai_copilot_availability: true,
  ai_sales_agent_availability: false,
  created_by_id: author,
  updated_by_id: author,
});

const statisticsOf = (random: () => number): JsonObject => ({
  type: 'article_statistics',
  views: between(random, 0, 9_000),
  conversions: between(random, 0, 90),
  reactions: between(random, 0, 300),
  happy_reaction_percentage: 62.5,
  neutral_reaction_percentage: 25,
  sad_reaction_percentage: 12.5,
  fin_involvements: between(random, 0, 200),
  fin_resolutions: between(random, 0, 100),
  fin_resolution_rate: 41.5,
});

/** The n-th article as GET /articles/{id} shows it, with its statistics. */
export const articleOf = (facts: KnowledgeFacts, index: number): JsonObject => {
  const random = randomOf(facts.seed, ARTICLE, index);
  const [topic, text] = pick(random, TOPICS);
  const title = `${topic} ${index + 1}`;
  const author = adminNumber(random);
  const createdAt = facts.start + between(random, 0, 300) * DAY;
  const updatedAt = createdAt + Math.floor((facts.endTime - createdAt) * random());
  const draft = chance(random, 0.15);
  return {
    ...contentOf(title, text, createdAt, author),
    type: 'article',
    id: String(120 + index),
    workspace_id: facts.workspaceId,
    description: chance(random, 0.3) ? null : `About ${topic}`,
    state: draft ? 'draft' : 'published',
    updated_at: updatedAt,
    url: draft ? null : `${HELP_URL}/en/articles/${120 + index}`,
    parent_ids: chance(random, 0.2) ? [] : [Number(collectionId(between(random, 0, COLLECTIONS - 1)))],
    exclude_from_article_suggestions: false,
    help_center_audience: 'everyone',
    scheduled_publish_at: null,
    scheduled_unpublish_at: null,
    default_locale: 'en',
    translated_content: chance(random, 0.3)
      ? {
          type: 'article_translated_content',
          de: { ...contentOf(`${title} (de)`, text, updatedAt, author), audience_ids: [] },
        }
      : null,
    tags: { type: 'tag.list', tags: [] },
    statistics: statisticsOf(random),
  };
};

export const internalArticleOf = (facts: KnowledgeFacts, index: number): JsonObject => {
  const random = randomOf(facts.seed, INTERNAL, index);
  const [topic, text] = pick(random, TOPICS);
  const at = facts.start + between(random, 0, 600) * DAY;
  const author = adminNumber(random);
  return {
    type: 'internal_article',
    id: String(4_100 + index),
    title: `Internal: ${topic} ${index + 1}`,
    body: `<p>${text} Ask billing first.</p>`,
    body_markdown: `${text} Ask billing first.`,
    owner_id: author,
    author_id: author,
    created_at: at,
    updated_at: at + DAY,
    locale: 'en',
    audience_ids: null,
    ai_chatbot_availability: false,
    ai_copilot_availability: true,
    ai_sales_agent_availability: false,
  };
};

/** Times are ISO 8601 here, and placeholders are elements (API-FACTS 5.6). */
export const macroOf = (facts: KnowledgeFacts, index: number): JsonObject => {
  const random = randomOf(facts.seed, MACRO, index);
  const at = facts.start + between(random, 0, 600) * DAY + index;
  const everyone = chance(random, 0.7);
  return {
    type: 'macro',
    id: String(5_100 + index),
    name: `Macro ${index + 1}`,
    body: '<p>Hi <attribute key="user.name" default="there"/>, we look into it.</p>',
    body_text: 'Hi {{user.name|fallback:"there"}}, we look into it.',
    created_at: new Date(at * 1000).toISOString(),
    updated_at: new Date((at + DAY) * 1000).toISOString(),
    visible_to: everyone ? 'everyone' : 'specific_teams',
    visible_to_team_ids: everyone ? [] : [teamId(between(random, 0, 4))],
    available_on: ['inbox'],
  };
};
