/** Who speaks in a part. */
export type AuthorRole = 'customer' | 'teammate' | 'bot' | 'note' | 'system';

const CUSTOMER_TYPES = new Set(['user', 'lead', 'contact', 'visitor']);

/** Intercom's author and part types are open sets (API-FACTS 6.10, 6.12), ours are five. */
export const authorRole = (authorType: string | null, partType: string): AuthorRole => {
  if (partType.startsWith('note')) return 'note';
  if (authorType !== null && CUSTOMER_TYPES.has(authorType)) return 'customer';
  if (authorType === 'admin' || authorType === 'team') return 'teammate';
  if (authorType === 'bot') return 'bot';
  return partType === 'source' ? 'customer' : 'system';
};
