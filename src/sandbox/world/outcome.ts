import type { JsonObject } from '../world.ts';
import { contactReference } from './contacts.ts';
import { chance, pick, type Random } from './random.ts';
import { adminId } from './staff.ts';
import type { Trace } from './trace.ts';

const SLA_SECONDS = 7_200;

/** A rating comes after a close. Now and then an object of nulls stands for "none" (API-FACTS 6.5). */
export const ratingOf = (facts: {
  readonly random: Random;
  readonly trace: Trace;
  readonly seed: number;
  readonly contact: number;
  readonly updatedAt: number;
}): JsonObject | null => {
  const { random, trace, seed, contact, updatedAt } = facts;
  const closed = trace.closes.at(-1);
  if (closed === undefined || !chance(random, 0.35)) return null;
  if (chance(random, 0.04))
    return { rating: null, remark: null, created_at: null, updated_at: null, contact: null, teammate: null };
  const rating = pick(random, [5, 5, 5, 4, 4, 3, 2, 1]);
  const praise = rating >= 4 ? 'Quick and friendly 👍' : 'Took far too long 😕';
  return {
    rating,
    remark: chance(random, 0.4) ? praise : null,
    created_at: closed.at,
    updated_at: updatedAt,
    contact: contactReference(seed, contact),
    teammate: { type: 'admin', id: adminId(closed.admin) },
  };
};

/** `missed` shows only at the next teammate reply; a removed SLA has no status (API-FACTS 6.6). */
export const slaOf = (random: Random, trace: Trace, createdAt: number): JsonObject | null => {
  if (!chance(random, 0.3)) return null;
  const reply = trace.adminReplies[0];
  const status = reply === undefined ? 'active' : reply - createdAt <= SLA_SECONDS ? 'hit' : 'missed';
  const draw = random();
  return {
    type: 'conversation_sla_summary',
    sla_name: 'First reply in 2 hours',
    sla_status: draw < 0.03 ? null : draw < 0.06 ? 'cancelled' : status,
  };
};

/** `ai_agent` of a conversation that Fin took part in (API-FACTS 6.7, the resolution states of 2.15 and later). */
export const aiAgentOf = (random: Random, trace: Trace, createdAt: number, updatedAt: number): JsonObject => {
  const alone = trace.adminReplies.length === 0;
  const source = {
    content_type: 'article',
    url: 'https://help.example.com/articles/120',
    title: 'Refunds and returns',
    locale: 'en',
  };
  const sources = chance(random, 0.7) ? [source] : [];
  const rating = alone && chance(random, 0.3) ? pick(random, [5, 4, 2]) : null;
  return {
    source_type: 'workflow',
    source_title: null,
    last_answer_type: pick(random, ['ai_answer', 'ai_answer', 'custom_answer']),
    resolution_state: alone
      ? pick(random, ['assumed_resolution', 'confirmed_resolution'])
      : pick(random, ['escalated', 'escalated', 'negative_feedback', 'procedure_handoff']),
    rating,
    rating_remark: rating === null ? null : 'It knew the answer',
    created_at: createdAt,
    updated_at: updatedAt,
    content_sources: {
      type: 'content_source.list',
      total_count: sources.length,
      content_sources: sources,
    },
  };
};
