import type { MirrorStatus } from '../data/reads/read-status.ts';
import type { QueryDeps } from './deps.ts';
import { isoTimeOrNull } from './iso-time.ts';
import { refusalText } from './access-words.ts';
import { type AskedWorkspace, askedWorkspace } from './asked-workspace.ts';
import { readOptions } from './read-options.ts';
import type { AnswerMetadata, CallContext, Coverage } from './types.ts';

/** The workspace that a question is about, and how far it is mirrored. */
export interface MirrorFacts {
  readonly workspace: AskedWorkspace;
  readonly status: MirrorStatus;
}

/** @throws AppError WORKSPACE_* */
export const mirrorFacts = async (
  deps: QueryDeps,
  asked: string | undefined,
  call?: CallContext,
): Promise<MirrorFacts> => factsOf(deps, await askedWorkspace(deps, asked, call), call);

export const factsOf = async (
  deps: QueryDeps,
  workspace: AskedWorkspace,
  call?: CallContext,
): Promise<MirrorFacts> => {
  const status = await deps.reader.read('readStatus', { workspaceId: workspace.id }, readOptions(call));
  return { workspace, status };
};

const counted = (count: number): string => `${count} conversation${count === 1 ? '' : 's'}`;

/** Kinds of data that belong to an entity, in words. */
const LISTS: Readonly<Record<string, string>> = {
  contact_companies: 'companies of contacts',
  contact_merges: 'merges of contacts',
  contact_notes: 'notes of contacts',
  contact_tags: 'tags of contacts',
  conversation_evaluations: 'QA monitors and scorecards of conversations',
};

const missingParts = (status: MirrorStatus): string[] => {
  const { known, hydrated, queue } = status.conversations;
  const missing = status.entities
    // What this version of the API does not have is nothing that could be had.
    .filter((entity) => !entity.backfilled && entity.access !== 'version')
    .map(({ access, entity, stored }) => {
      const why = refusalText(access);
      return `${stored > 0 ? 'some ' : ''}${entity}${why === undefined ? '' : ` (${why})`}`;
    });
  missing.push(
    ...status.refusedLists.flatMap(({ access, list }) =>
      access === 'version' ? [] : [`${LISTS[list] ?? list} (${refusalText(access) ?? access})`],
    ),
  );
  missing.push(...status.deriving.map((entity) => `some fields of ${entity}`));
  const unread = Math.max(0, known - hydrated);
  if (unread > 0) missing.push(`threads of ${counted(unread)}`);
  if (queue.waiting > unread) missing.push(`changes of ${counted(queue.waiting - unread)}`);
  return missing;
};

/** Every change up to this server time is in, threads included, parked ones aside; null before everything is. */
const asOf = (status: MirrorStatus): number | null => {
  const state = status.entities.find((entity) => entity.entity === 'conversations');
  if (state === undefined || !state.backfilled) return null;
  const since = status.conversations.queue.since ?? state.watermark;
  return since === 0 ? null : since;
};

/** What is there and what is not, from what the sync recorded. */
export const coverageOf = (status: MirrorStatus): Coverage => {
  const { known, hydrated, oldest, newest } = status.conversations;
  const missing = missingParts(status);
  return {
    complete: missing.length === 0,
    conversations: { known, hydrated },
    window: { start: isoTimeOrNull(oldest), end: isoTimeOrNull(newest) },
    missing,
  };
};

/** The metadata that every answer carries, also an empty one (CONTRACT "Answers"). */
export const answerMetadata = (
  facts: MirrorFacts,
  question: {
    readonly query: string | null;
    readonly filters: Readonly<Record<string, unknown>>;
    readonly timeZone?: string;
  },
  notes: readonly string[],
): AnswerMetadata => {
  const conversations = facts.status.entities.find((entity) => entity.entity === 'conversations');
  return {
    ...(facts.workspace.several ? { workspace: facts.workspace.calledBy } : {}),
    query: question.query,
    filters_applied: question.filters,
    as_of: isoTimeOrNull(asOf(facts.status)),
    last_updated: isoTimeOrNull(conversations?.completedAt ?? null),
    coverage: coverageOf(facts.status),
    time_zone: question.timeZone ?? facts.workspace.time_zone,
    notes,
  };
};
