import type { Tell } from './editing.ts';
import type { LiveWorld } from './live-world.ts';
import { type CompanyMutations, companyMutations } from './mutate-companies.ts';
import { type ContactMutations, contactMutations } from './mutate-contacts.ts';
import { type ConversationMutations, conversationMutations } from './mutate-conversations.ts';
import { type ListMutations, listMutations } from './mutate-lists.ts';
import { type TicketMutations, ticketMutations } from './mutate-tickets.ts';

/** The single changes. Times in Unix seconds. */
export type BasicMutations = ConversationMutations &
  TicketMutations &
  ContactMutations &
  CompanyMutations &
  ListMutations;

export const basicMutations = (live: LiveWorld, tell: Tell): BasicMutations => ({
  ...conversationMutations(live, tell),
  ...ticketMutations(live, tell),
  ...contactMutations(live, tell),
  ...companyMutations(live, tell),
  ...listMutations(live, tell),
});
