import { chance, randomOf } from './random.ts';

const STREAM = 45;
/** This share of the customers was there before the two years began. */
export const EARLIER_SHARE = 0.25;

export interface Cast {
  readonly contact: number;
  /** A second customer, in a group conversation. */
  readonly participant?: number;
  /** Index of the company; undefined for none. */
  readonly company?: number;
}

/**
 * Who takes part in a conversation: indexes below `contacts` and `companies`. Customers are as many as the conversations
 * ask for and come in the same order, so that hardly anybody writes before the day of the sign-up.
 */
export const castOf = (facts: {
  readonly seed: number;
  readonly index: number;
  readonly conversations: number;
  readonly contacts: number;
  readonly companies: number;
}): Cast => {
  const random = randomOf(facts.seed, STREAM, facts.index);
  const progress = Math.min(1, facts.index / Math.max(1, facts.conversations));
  const known = Math.max(1, Math.floor(facts.contacts * (EARLIER_SHARE + (1 - EARLIER_SHARE) * progress)));
  // The newest customers write most.
  const contact = Math.floor(known * (1 - random() ** 2));
  const other = Math.floor(random() * known);
  const company = Math.floor(random() * facts.companies);
  return {
    contact: Math.min(known - 1, contact),
    ...(chance(random, 0.03) && other !== contact ? { participant: other } : {}),
    ...(chance(random, 0.5) && facts.companies > 0 ? { company } : {}),
  };
};
