import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../data/store.ts';
import { toAppError } from '../../errors/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { type Notification, readNotification, type WokenObject } from './read-notification.ts';
import { isSigned } from './verify-signature.ts';

/** A workspace that notifications are taken for, and the client secret of its app. */
export interface WebhookSource {
  readonly alias: string;
  readonly secret: string;
}

export interface WebhookRequest {
  /** The bytes as they came. */
  readonly body: Uint8Array;
  /** X-Hub-Signature. */
  readonly signature: string | undefined;
}

/** 410 would end the subscription for good and 429 throttle it (API-FACTS 8.5): neither is ever given. */
export interface WebhookVerdict {
  readonly status: 200 | 400 | 401;
  readonly message: string;
}

export interface WebhookDesk {
  /** Judges a notification and remembers what it announces; waits for nothing. */
  receive(request: WebhookRequest): WebhookVerdict;
  /** Takes no more; what is remembered is written, if the database takes it in time. */
  close(): Promise<void>;
}

export interface WebhookDeskDeps {
  readonly store: Pick<Store, 'read' | 'write'>;
  readonly sources: readonly WebhookSource[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** A notification is genuine: somebody should sync. */
  readonly onGenuine: () => void;
}

/** Intercom tries again after a minute, and holds back for up to two hours (API-FACTS 8.5); older ones are replays. */
const MAX_AGE_SECONDS = 3 * 3_600;
/** A clock may be off by so much; a notification of a later time is none. */
const MAX_AHEAD_SECONDS = 3_600;
/** Objects that wait to be written. Beyond that news is dropped: polling finds it (TRAPS T91). */
const MAX_PENDING = 10_000;
/** Notifications that are known by their id: Intercom sends some twice, and others may send them again. */
const MAX_SEEN = 10_000;
/** Pause after a write that failed, or while the workspace is not bound yet. */
const RETRY_MS = 1_000;
const CLOSE_MS = 500;
const OK: WebhookVerdict = { status: 200, message: 'ok' };
const REFUSED: WebhookVerdict = { status: 401, message: 'The notification is not signed as expected.' };

interface Pending {
  readonly alias: string;
  readonly appId: string;
  readonly woken: WokenObject;
}

/**
 * Where notifications arrive. One that is genuine only says what to fetch again (TRAPS T89): its objects are kept in
 * memory, answered for at once, and written to the database when that has time (TRAPS T92).
 */
export const createWebhookDesk = (deps: WebhookDeskDeps): WebhookDesk => {
  const { clock, logger, onGenuine, sources, store } = deps;
  /** Workspaces by alias, once they are bound; that never changes. */
  const workspaces = new Map<string, string>();
  const seen = new Set<string>();
  const pending = new Map<string, Pending>();
  const closing = new AbortController();
  let writing: Promise<void> | undefined;

  const workspaceOf = async (alias: string): Promise<string | undefined> => {
    const known = workspaces.get(alias);
    if (known !== undefined) return known;
    const found = await store.read('findWorkspace', { alias });
    if (found !== null) workspaces.set(alias, found.id);
    return found?.id;
  };

  /** Writes what waits for one workspace. @returns false while it is not known which one that is */
  const writeFor = async (alias: string): Promise<boolean> => {
    const workspaceId = await workspaceOf(alias);
    if (workspaceId === undefined) return false;
    const entries = [...pending].filter(([, entry]) => entry.alias === alias);
    const wakes = entries.flatMap(([, { appId, woken }]) => (appId === workspaceId ? [woken] : []));
    if (wakes.length > 0) await store.write('putWakes', { workspaceId, wakes, now: clock.now() });
    // What was announced again meanwhile is another entry, and stays.
    for (const [key, entry] of entries) if (pending.get(key) === entry) pending.delete(key);
    return true;
  };

  const writeAll = async (): Promise<void> => {
    while (pending.size > 0) {
      const aliases = new Set([...pending.values()].map(({ alias }) => alias));
      let done = true;
      for (const alias of aliases) {
        try {
          done = (await writeFor(alias)) && done;
        } catch (error) {
          logger.warn({ code: toAppError(error).code }, 'what webhooks announced could not be noted yet');
          done = false;
        }
      }
      if (closing.signal.aborted) return;
      if (!done)
        await sleep(RETRY_MS, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
    }
  };

  const startWriting = (): void => {
    if (pending.size === 0 || closing.signal.aborted) return;
    writing ??= writeAll().finally(() => {
      writing = undefined;
      startWriting();
    });
  };

  const remember = (alias: string, appId: string, objects: readonly WokenObject[]): void => {
    for (const woken of objects) {
      const key = `${alias}/${appId}/${woken.entity}/${woken.id}`;
      if (!pending.has(key) && pending.size >= MAX_PENDING) {
        logger.warn({ pending: pending.size }, 'too many notifications wait to be noted; one was dropped');
        continue;
      }
      pending.set(key, { alias, appId, woken });
    }
    startWriting();
  };

  /** A second time with the same id is no news. */
  const isRepeated = ({ id }: Notification): boolean => {
    if (id === null) return false;
    if (seen.has(id)) return true;
    seen.add(id);
    const oldest = seen.size > MAX_SEEN ? seen.values().next().value : undefined;
    if (oldest !== undefined) seen.delete(oldest);
    return false;
  };

  const isTimely = ({ createdAt }: Notification): boolean => {
    const age = clock.now() / 1000 - (createdAt ?? 0);
    return age <= MAX_AGE_SECONDS && age >= -MAX_AHEAD_SECONDS;
  };

  // Known from the start where it is bound, so that a foreign notification is refused and not only dropped.
  for (const { alias } of sources) void workspaceOf(alias).catch(() => undefined);

  return {
    receive({ body, signature }) {
      const signers = sources.filter(({ secret }) => isSigned(body, signature, secret));
      if (signers.length === 0) return REFUSED;
      const notification = readNotification(body);
      if (notification === undefined) return { status: 400, message: 'The body is no notification.' };
      const { appId, objects, topic } = notification;
      onGenuine();
      if (topic === 'ping') return OK;
      // Apps of several workspaces may share a secret; the workspace that the notification names decides.
      const source = signers.find(({ alias }) => (workspaces.get(alias) ?? appId) === appId);
      if (source === undefined || appId === null)
        return { status: 401, message: 'The notification is of another workspace.' };
      if (!isTimely(notification)) return { status: 401, message: 'The notification is too old.' };
      if (!isRepeated(notification)) remember(source.alias, appId, objects);
      return OK;
    },
    async close() {
      closing.abort();
      await Promise.race([writing, sleep(CLOSE_MS)]);
    },
  };
};
