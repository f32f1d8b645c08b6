import type { JsonObject, ListName } from '../world.ts';
import {
  articleOf,
  collectionsOf,
  helpCentersOf,
  internalArticleOf,
  type KnowledgeFacts,
  macroOf,
} from './knowledge.ts';
import { adminsOf, tagsOf, teamsOf } from './staff.ts';
import { ticketStatesOf, ticketTypesOf } from './ticket-types.ts';
import {
  brandsOf,
  conversationAttributesOf,
  dataAttributesOf,
  officeHoursOf,
  segmentsOf,
  subscriptionTypesOf,
} from './workspace-lists.ts';

const INTERNAL_ARTICLES = 7;
/** More than a page of macros holds at first. */
const MACROS = 55;

export interface ListFacts extends KnowledgeFacts {
  readonly timeZone: string;
  readonly articles: number;
}

/** All small tables of a workspace. */
export const listsOf = (facts: ListFacts): Record<ListName, readonly JsonObject[]> => {
  const { start, workspaceId, timeZone, articles } = facts;
  const many = (count: number, one: (facts: KnowledgeFacts, index: number) => JsonObject): JsonObject[] =>
    Array.from({ length: count }, (_, index) => one(facts, index));
  return {
    admins: adminsOf(),
    teams: teamsOf(),
    tags: tagsOf(),
    segments: segmentsOf(start),
    ticket_types: ticketTypesOf({ id: workspaceId, createdAt: start }),
    ticket_states: ticketStatesOf(),
    subscription_types: subscriptionTypesOf(),
    help_centers: helpCentersOf(facts),
    collections: collectionsOf(facts),
    articles: many(articles, articleOf),
    internal_articles: many(INTERNAL_ARTICLES, internalArticleOf),
    macros: many(MACROS, macroOf),
    brands: brandsOf(start),
    office_hours_schedules: officeHoursOf(start, timeZone),
    data_attributes: dataAttributesOf(start),
    conversation_attributes: conversationAttributesOf(start),
  };
};
