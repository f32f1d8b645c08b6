/**
 * Ids as Intercom forms them (API-FACTS 6.15), with the index readable from each: conversations and parts are decimal
 * strings, contacts and companies 24 hexadecimal digits. All ascend with the index.
 */
const CONVERSATION_BASE = 215_470_000_000_000;
const CONVERSATION_STEP = 37;
/** Parts of one conversation at most. */
export const MAX_PARTS = 2_000;
const PART_BASE = 30_000_000_000;
const CONTACT_PREFIX = '6762f0d01bb6';
const COMPANY_PREFIX = '66e1a2b3c4d5';

const hexId = (prefix: string, index: number): string => prefix + index.toString(16).padStart(12, '0');
const hexIndex = (prefix: string, id: string, count: number): number | undefined => {
  if (id.length !== 24 || !id.startsWith(prefix)) return undefined;
  const index = Number.parseInt(id.slice(12), 16);
  return index < count && hexId(prefix, index) === id ? index : undefined;
};

export const conversationId = (index: number): string =>
  String(CONVERSATION_BASE + index * CONVERSATION_STEP);
export const conversationIndex = (id: string, count: number): number | undefined => {
  const index = (Number(id) - CONVERSATION_BASE) / CONVERSATION_STEP;
  return Number.isInteger(index) && index >= 0 && index < count && conversationId(index) === id
    ? index
    : undefined;
};
/** `part` 0 is the opening message. */
export const partId = (conversation: number, part: number): string =>
  String(PART_BASE + conversation * MAX_PARTS + part);
export const contactId = (index: number): string => hexId(CONTACT_PREFIX, index);
export const contactIndex = (id: string, count: number): number | undefined =>
  hexIndex(CONTACT_PREFIX, id, count);
export const companyId = (index: number): string => hexId(COMPANY_PREFIX, index);
export const companyIndex = (id: string, count: number): number | undefined =>
  hexIndex(COMPANY_PREFIX, id, count);
