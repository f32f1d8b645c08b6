import { PRIORITY, type Priority } from '../data/fetch-priority.ts';
import { packObject } from '../data/payload-codec.ts';
import type { IncomingConversation } from '../data/writes/incoming-conversation.ts';
import type { ScanKind } from '../data/scan-kinds.ts';
import { CONVERSATION_SEARCH_PATH, CONVERSATIONS_KEY } from '../entities/conversation/endpoints.ts';
import { EVALUATION_KEYS, mapEvaluations } from '../entities/conversation/evaluations.ts';
import { type MappedConversation, mapConversation } from '../entities/conversation/mapping.ts';
import { attributeValues } from '../lib/custom-attributes.ts';
import { splitProperties } from '../lib/json/slice-json.ts';
import { asObject } from '../lib/read-json.ts';
import type { AskWith } from './optional-parameters.ts';
import type { SearchSource } from './search-scan.ts';

/** With the times as the payload has them; null where they cannot be read. */
type ListedConversation = IncomingConversation & Pick<MappedConversation, 'times'>;

/** Columns and attributes of a payload; undefined without an id. */
export const readConversation = (payload: string, parsed: unknown) => {
  const mapped = mapConversation(parsed);
  if (mapped === undefined) return undefined;
  return { ...mapped, attributes: attributeValues(asObject(parsed), payload, 'custom_attributes') };
};

/** A payload and what it maps to, as the storage takes it; undefined without an id. */
export const toIncoming = (payload: string, parsed: unknown): ListedConversation | undefined => {
  const mapped = readConversation(payload, parsed);
  if (mapped === undefined) return undefined;
  const object = asObject(parsed);
  // Most threads have none, and are long.
  if (!EVALUATION_KEYS.some((key) => key in object)) return { ...mapped, payload: packObject(payload) };
  // Kept apart: the object is the same whether it was asked for them or not.
  const { rest, values } = splitProperties(payload, EVALUATION_KEYS);
  const evaluations = mapEvaluations(values);
  return evaluations === undefined
    ? { ...mapped, payload: packObject(payload) }
    : { ...mapped, evaluations, payload: packObject(rest) };
};

const PRIORITIES: Readonly<Record<ScanKind, Priority>> = {
  poll: PRIORITY.live,
  backfill: PRIORITY.backfill,
  recheck: PRIORITY.repair,
  open: PRIORITY.repair,
  sweep: PRIORITY.repair,
  verify: PRIORITY.repair,
};

/** Conversations as they are listed: without their parts, which are queued to be fetched. */
export const conversationSource = (askWith: AskWith): SearchSource<ListedConversation> => ({
  entity: 'conversations',
  endpoint: { path: CONVERSATION_SEARCH_PATH, key: CONVERSATIONS_KEY, map: toIncoming, askWith },
  onTotal: (run, total) => {
    run.report.total ??= total;
  },
  async store({ run, scan }, step, page, comparison) {
    const { fence, report, store } = run;
    const outcome = await store.write('applyConversationPage', {
      fence,
      step,
      conversations: page.items,
      fetchedAt: page.serverTime,
      priority: PRIORITIES[scan.kind],
      // What an older change is found by was not known before: it is due from now on.
      since: scan.kind === 'poll' || scan.kind === 'backfill' ? scan.since : null,
      ...(comparison === undefined ? {} : { comparison }),
    });
    if (outcome.mergeDue) while (await store.write('mergeSearchIndex', { fence }));
    if (scan.kind === 'poll' || scan.kind === 'backfill') {
      report.known += page.items.length;
      report.hydrated += page.items.length - outcome.queued;
    }
    return outcome;
  },
});
