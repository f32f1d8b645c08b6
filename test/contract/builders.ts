import type { Store, WriteArgs } from '../../src/data/store.ts';
import type { Fence } from '../../src/data/writes/fence.ts';
import { PRIORITY } from '../../src/data/fetch-priority.ts';
import type { IncomingConversation, IncomingThread } from '../../src/data/writes/incoming-conversation.ts';
import { toIncoming } from '../../src/sync/conversation-source.ts';

export const WORKSPACE = { id: 'ws-one', name: 'Workspace One', region: 'US', time_zone: 'Europe/Berlin' };

export interface Message {
  readonly id: string | number;
  readonly body: string | null;
  readonly type?: string;
  readonly author?: { type: string; id: string; name?: string };
}

export interface ConversationSpec {
  readonly id: string;
  readonly created_at?: number;
  readonly updated_at?: number;
  readonly opening?: string;
  readonly parts?: readonly Message[];
  readonly fields?: Record<string, unknown>;
}

const CUSTOMER = { type: 'user', id: 'contact-1', name: 'Ann Customer' };

/** Intercom's JSON of a conversation; without `parts` a list item. */
export const conversationJson = (spec: ConversationSpec): string => {
  const created = spec.created_at ?? 1_700_000_000;
  return JSON.stringify({
    type: 'conversation',
    id: spec.id,
    created_at: created,
    updated_at: spec.updated_at ?? created,
    title: null,
    state: 'open',
    open: true,
    priority: 'none',
    source: {
      type: 'conversation',
      id: `${spec.id}-source`,
      subject: '',
      body: spec.opening ?? `<p>opening of ${spec.id}</p>`,
      author: CUSTOMER,
    },
    contacts: { type: 'contact.list', contacts: [{ type: 'contact', id: 'contact-1' }] },
    tags: { type: 'tag.list', tags: [] },
    ...spec.fields,
    ...(spec.parts
      ? {
          conversation_parts: {
            type: 'conversation_part.list',
            total_count: spec.parts.length,
            conversation_parts: spec.parts.map((part, index) => ({
              type: 'conversation_part',
              id: part.id,
              part_type: part.type ?? 'comment',
              body: part.body,
              created_at: created + 60 * (index + 1),
              author: part.author ?? { type: 'admin', id: 'admin-1', name: 'Bob Teammate' },
            })),
          },
        }
      : {}),
  });
};

/** What the sync hands to the storage for a payload. */
export const incoming = (payload: string): IncomingConversation => {
  const found = toIncoming(payload, JSON.parse(payload));
  if (found === undefined) throw new Error('the payload has no id');
  return found;
};

export const incomingOf = (spec: ConversationSpec): IncomingConversation => incoming(conversationJson(spec));

/** Binds the workspace, takes its lease and opens a scan: what every write of the sync needs. */
export const beginSync = async (store: Store, workspace = WORKSPACE, alias = 'default'): Promise<Fence> => {
  await store.write('bindWorkspace', { alias, workspace });
  const lease = await store.write('acquireLease', {
    workspaceId: workspace.id,
    holder: 'test',
    ttlMs: 60_000,
  });
  if (!lease.acquired) throw new Error('the lease is taken');
  const fence = { workspaceId: workspace.id, epoch: lease.epoch };
  const windows = [{ lower: 0, upper: 2_000_000_000 }];
  await store.write('startScan', {
    fence,
    entity: 'conversations',
    kind: 'backfill',
    since: 0,
    scanId: 'scan',
    field: 'created_at',
    startedAt: 1_700_000_500,
    windows,
  });
  return fence;
};

/** The answer of GET /conversations/{id}. */
export const threadOf = (spec: ConversationSpec, fetchedAt = 1_900_000_000): IncomingThread => ({
  ...incomingOf({ ...spec, parts: spec.parts ?? [] }),
  fetchedAt,
  retryAt: 0,
});

const STEP = { scanId: 'scan', windowNo: 0, nextCursor: 'next' };

/** Applies a page of a backfill, as a sync would. */
export const list = (
  store: Store,
  fence: Fence,
  conversations: readonly IncomingConversation[],
  more: Partial<WriteArgs<'applyConversationPage'>> = {},
) =>
  store.write('applyConversationPage', {
    fence,
    step: STEP,
    conversations,
    fetchedAt: 1_700_000_600,
    priority: PRIORITY.backfill,
    since: 0,
    ...more,
  });

/** Applies fetched threads and failures, as a sync would. */
export const hydrate = (
  store: Store,
  fence: Fence,
  threads: readonly IncomingThread[],
  more: Partial<WriteArgs<'applyThreads'>> = {},
) =>
  store.write('applyThreads', {
    fence,
    threads,
    failures: [],
    now: 1_000,
    confirmAfterMs: 0,
    deletedAt: 9,
    ...more,
  });

/** Lists and hydrates conversations, as a sync would. */
export const mirror = async (
  store: Store,
  fence: Fence,
  specs: readonly ConversationSpec[],
): Promise<void> => {
  await list(
    store,
    fence,
    specs.map(({ parts: _parts, ...spec }) => incomingOf(spec)),
  );
  await hydrate(
    store,
    fence,
    specs.map((spec) => threadOf(spec)),
  );
};
