import { idHash } from '../../lib/id-hash.ts';
import type { ReadContext } from '../context.ts';
import { hasTime } from '../search-index/doc-columns.ts';
import { contactStarts } from '../search-index/metric-columns.ts';
import type { SegmentFacts } from './segment-facts.ts';

/** The hash of the contact that another one was merged into: conversations keep the old id (TRAPS T47). */
export type Canonical = (hash: number) => number;

/** @returns how a contact is told, whatever it was merged into, also over several merges */
export const readCanonical = async ({ db }: ReadContext, workspaceId: string): Promise<Canonical> => {
  const rows = await db
    .selectFrom('contact_aliases')
    .select(['id', 'contact_id'])
    .where('workspace_id', '=', workspaceId)
    .execute();
  const targets = new Map(rows.map((row) => [idHash(row.id), idHash(row.contact_id)]));
  return (hash) => {
    let found = hash;
    for (let step = 0; step < targets.size; step += 1) {
      const next = targets.get(found);
      if (next === undefined || next === hash) break;
      found = next;
    }
    return found;
  };
};

/** Segments by the hash of a contact. */
export const readContactSegments = async (
  { db }: ReadContext,
  workspaceId: string,
): Promise<(contact: number) => readonly string[]> => {
  const rows = await db
    .selectFrom('contact_segments')
    .select(['contact_id', 'segment_id'])
    .where('workspace_id', '=', workspaceId)
    .execute();
  const found = new Map<number, string[]>();
  for (const { contact_id, segment_id } of rows) {
    const key = idHash(contact_id);
    const known = found.get(key);
    if (known === undefined) found.set(key, [segment_id]);
    else known.push(segment_id);
  }
  return (contact) => found.get(contact) ?? [];
};

/** Calls `each` for every contact of a document. */
export const eachContact = (facts: SegmentFacts, canonical: Canonical) => {
  const contacts = facts.contacts();
  const starts = contactStarts(contacts);
  return (ordinal: number, each: (contact: number) => void): void => {
    for (let at = starts[ordinal] ?? 0; at < (starts[ordinal + 1] ?? 0); at += 1)
      each(canonical(contacts.hashes[at] ?? 0));
  };
};

/**
 * When contacts opened their conversations, of those of a span of created_at.
 * @returns when one of a conversation's contacts opened the next one; infinity where none did
 */
export const readNextContacts = (
  segments: readonly { readonly facts: SegmentFacts; readonly isLiving: (ordinal: number) => boolean }[],
  canonical: Canonical,
  span: { readonly start: number; readonly end: number },
): ((facts: SegmentFacts, ordinal: number) => number) => {
  const times = new Map<number, number[]>();
  const walks = new Map<SegmentFacts, ReturnType<typeof eachContact>>();
  for (const { facts, isLiving } of segments) {
    const created = facts.times('created_at');
    const walk = eachContact(facts, canonical);
    walks.set(facts, walk);
    for (let ordinal = 0; ordinal < facts.size; ordinal += 1) {
      const at = created[ordinal] ?? 0;
      if (!hasTime(at) || at < span.start || at >= span.end || !isLiving(ordinal)) continue;
      walk(ordinal, (contact) => {
        const known = times.get(contact);
        if (known === undefined) times.set(contact, [at]);
        else known.push(at);
      });
    }
  }
  for (const list of times.values()) if (list.length > 1) list.sort((a, b) => a - b);
  return (facts, ordinal) => {
    const at = facts.times('created_at')[ordinal] ?? 0;
    let next = Number.POSITIVE_INFINITY;
    walks.get(facts)?.(ordinal, (contact) => {
      const later = times.get(contact)?.find((time) => time > at);
      if (later !== undefined && later < next) next = later;
    });
    return next;
  };
};
