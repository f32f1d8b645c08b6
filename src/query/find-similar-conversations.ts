import { AppError } from '../errors/app-error.ts';
import { systemClock } from '../lib/clock.ts';
import { conversationIdOf } from '../lib/ids.ts';
import type { QueryDeps } from './deps.ts';
import { answerMetadata, mirrorFacts } from './mirror-facts.ts';
import { readOptions } from './read-options.ts';
import { NO_NAMES, readConditions } from './search-conditions.ts';
import { checkedLimit, DEFAULT_LIMIT } from './search-conversations.ts';
import { toHit } from './search-hit.ts';
import type { FindSimilarInput, SimilarAnswer } from './similar-types.ts';
import { timeBounds, zoneOf } from './time-bounds.ts';
import type { CallContext, SearchInput } from './types.ts';

/**
 * Conversations like one, by the terms that tell it from others, the most alike first; it does not stand among them.
 * @throws AppError CONVERSATION_NOT_FOUND, ARGUMENT_INVALID, TIMEFRAME_UNKNOWN, WORKSPACE_*, STORE_*
 */
export const findSimilarConversations = async (
  deps: QueryDeps,
  input: FindSimilarInput,
  call?: CallContext,
): Promise<SimilarAnswer> => {
  const started = performance.now();
  const limit = checkedLimit(input.limit, DEFAULT_LIMIT);
  const id = conversationIdOf(input.id);
  if (id === undefined) {
    throw new AppError(
      'ARGUMENT_INVALID',
      'id must be a conversation id or the address of a conversation in Intercom.',
    );
  }
  const facts = await mirrorFacts(deps, input.workspace, call);
  const filters: SearchInput = { state: input.state, timeframe: input.timeframe };
  const zone = zoneOf(filters, facts.workspace.time_zone);
  const nowMs = (deps.clock ?? systemClock).now();
  const notes: string[] = [];
  const { applied, fixed } = readConditions(filters, { nodes: [] }, timeBounds(filters, zone, nowMs), {
    vocabulary: NO_NAMES,
    zone,
    nowMs,
    note: (sentence) => void notes.push(sentence),
  });
  const found = await deps.reader.read(
    'similarConversations',
    { workspaceId: facts.workspace.id, id, where: { kind: 'and', nodes: fixed }, limit },
    readOptions(call),
  );
  if (found === null)
    throw new AppError('CONVERSATION_NOT_FOUND', `The mirror has no conversation ${id.slice(0, 60)}.`);
  const { least, terms } = found;
  if (terms.length === 0)
    notes.push('Nothing tells this conversation from others: it has no words that only some of them have.');
  else notes.push(`Counted are conversations with at least ${least} of its ${terms.length} telling terms.`);
  return {
    summary: {
      total_results: found.total,
      returned: found.rows.length,
      query_time_ms: Math.round((performance.now() - started) * 10) / 10,
      data_source: 'local',
      cache_hit: false,
      telling_terms: terms.map(({ conversations, term }) => ({ term, conversations })),
    },
    results: found.rows.map((row) => ({ ...toHit(row), shared_terms: row.sharedTerms })),
    pagination: { limit, has_more: found.hasMore, next_cursor: null },
    metadata: answerMetadata(facts, { query: null, filters: { id, ...applied }, timeZone: zone }, notes),
  };
};
