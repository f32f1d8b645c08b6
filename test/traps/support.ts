import type { ExportedEntity, ExportedObject } from '../../src/data/reads/export-objects.ts';
import type { Store } from '../../src/data/store.ts';
import { createIntercomClient, type IntercomClientOptions } from '../../src/intercom/client.ts';
import type { ClientTuning } from '../../src/intercom/client-options.ts';
import { createQueryService } from '../../src/query/create-query-service.ts';
import { exportConversations } from '../../src/query/export-conversations.ts';
import type { QueryService } from '../../src/query/query-service.ts';
import type { SyncStatusAnswer } from '../../src/query/types.ts';
import type { Fault, FaultPlan, FaultRequest } from '../../src/sandbox/faults.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { JsonObject } from '../../src/sandbox/world.ts';
import { createWorld } from '../../src/sandbox/world/create-world.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { createSyncService } from '../../src/sync/create-sync-service.ts';
import type { SyncTuning } from '../../src/sync/run-context.ts';
import type { RunOptions, SyncResult } from '../../src/sync/types.ts';
import { type Logger, silentLogger } from '../../src/telemetry/logger.ts';
import { ENGINES, type TestPlace } from '../contract/engines.ts';
import { describeWithPostgres } from '../support/postgres.ts';
import { withoutFetchTime } from '../support/cli.ts';
import { describe } from 'vitest';
import { expectContactsMirrored, expectSame, heldConversations, type Json } from './oracle.ts';

export interface TrapOptions {
  readonly conversations: number;
  readonly seed?: number;
  readonly companies?: number;
  readonly sandbox?: Omit<SandboxOptions, 'world'>;
}

/** How one process syncs; what is not given is short enough for a test. */
export interface ProcessOptions {
  readonly sync?: Partial<SyncTuning>;
  readonly client?: Partial<IntercomClientOptions>;
  readonly tuning?: Partial<ClientTuning>;
  readonly alias?: string;
  readonly run?: RunOptions;
  /** The store that it sees, where that is not the plain one. */
  readonly store?: Store;
  readonly logger?: Logger;
}

const SHORT_SYNC: Partial<SyncTuning> = {
  retryDelayMs: 20,
  confirmAfterMs: 60,
  parkDelayMs: 60_000,
  scrollWaitMs: 100,
};
/** What the traps are about; the other entities have tests of their own, and their requests would only cost time. */
const ENTITIES = ['admins', 'teams', 'tags', 'contacts', 'conversations'];
const POLL_MS = 100;
const EXPORT_PAGE = 1_000;
const SHORT_TUNING: Partial<ClientTuning> = {
  guardMs: 5,
  minPauseMs: 20,
  defaultPauseMs: 40,
  maxPauseMs: 200,
  pauseJitterMs: 2,
  maxBackoffMs: 50,
};

/** A simulated workspace, an empty mirror, and the real sync between the two, over HTTP. */
export interface Trap {
  readonly sandbox: Sandbox;
  readonly place: TestPlace;
  readonly store: OpenedStore;
  readonly query: QueryService;
  /** One `sync`, by a process of its own as far as the API client and the sync are concerned. */
  sync(options?: ProcessOptions): Promise<SyncResult>;
  /** The background sync of a process that serves, until it is disposed of. */
  background(options?: ProcessOptions): AsyncDisposable;
  /** Objects of one kind in the mirror, by id, also those that are gone. */
  mirrored(entity: ExportedEntity): Promise<ReadonlyMap<string, ExportedObject>>;
  /** Lets the sandbox's clock go on: changes of before lie in the past then. */
  later(seconds: number): void;
  exported(alias?: string): Promise<Json[]>;
  /** I1, I2 and, by a second sync, I3. */
  expectMirrored(options?: ProcessOptions & { readonly except?: readonly string[] }): Promise<void>;
  expectContactsMirrored(): Promise<void>;
  status(): Promise<SyncStatusAnswer>;
  /** Up to when the mirror says that every change is in; null before it has everything (I4). */
  asOf(): Promise<string | null>;
  ids(): Promise<string[]>;
  /** Ids of the contacts that the workspace began with. */
  contactIds(): string[];
  conversation(id: string): Promise<JsonObject>;
  /** Requests that were answered well, by conversation, for GET /conversations/{id}. */
  threadsServed(): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const THREAD_PATH = /^\/conversations\/(\d+)$/;

/** True for the request of one thread. */
export const isThread = ({ method, path }: Pick<FaultRequest, 'method' | 'path'>): boolean =>
  method === 'GET' && THREAD_PATH.test(path);
export const isSearch = ({ path }: Pick<FaultRequest, 'path'>): boolean => path === '/conversations/search';

export interface SearchAsked {
  readonly field: string;
  readonly perPage: number;
  readonly cursor: string | undefined;
}

/** What a search asks for; a listing asks for more than one object a page, planning asks for one. */
export const searchAsked = (body: unknown): SearchAsked => {
  const { sort, pagination } = body as {
    sort: { field: string };
    pagination: { per_page: number; starting_after?: string };
  };
  return { field: sort.field, perPage: pagination.per_page, cursor: pagination.starting_after };
};
export const isListing = (request: Pick<FaultRequest, 'path' | 'body'>): boolean =>
  isSearch(request) && searchAsked(request.body).perPage > 1;

/** Spoils the first tries of every request, each in another of the ways, and lets the next one through. */
export const spoilFirst = (...faults: readonly Fault[]): FaultPlan => {
  const tries = new Map<string, number>();
  return ({ method, path, body }) => {
    const request = `${method} ${path} ${JSON.stringify(body)}`;
    const before = tries.get(request) ?? 0;
    tries.set(request, before + 1);
    return faults[before];
  };
};

export const openTrap = async (
  create: () => Promise<TestPlace>,
  { conversations, seed = 3, companies, sandbox: settings }: TrapOptions,
): Promise<Trap> => {
  const world = await createWorld({ seed, conversations, ...(companies === undefined ? {} : { companies }) });
  const sandbox = await startSandbox({ world, ...settings });
  const place = await create();
  const store = await place.open();
  const connect = (options: ProcessOptions) => {
    const client = createIntercomClient(
      {
        baseUrl: sandbox.url,
        token: 'sandbox',
        version: '2.16',
        backoffBaseMs: 4,
        maxInFlight: 48,
        ...options.client,
      },
      { ...SHORT_TUNING, ...options.tuning },
    );
    const service = createSyncService({
      store: options.store ?? store,
      client,
      alias: options.alias ?? 'default',
      logger: options.logger ?? silentLogger,
      concurrency: 16,
      ...SHORT_SYNC,
      ...options.sync,
    });
    const close = async (): Promise<void> => {
      await service.stop();
      await client.close();
    };
    return { service, close };
  };
  const sync: Trap['sync'] = async (options = {}) => {
    const { service, close } = connect(options);
    try {
      return await service.run({ only: ENTITIES, ...options.run });
    } finally {
      await close();
    }
  };
  const background: Trap['background'] = (options = {}) => {
    const { service, close } = connect(options);
    service.start({ pollMs: POLL_MS, only: options.run?.only ?? ENTITIES });
    return { [Symbol.asyncDispose]: close };
  };
  const mirrored: Trap['mirrored'] = async (entity) => {
    const workspaceId = (await store.read('findWorkspace', { alias: 'default' }))?.id ?? '';
    const objects = new Map<string, ExportedObject>();
    for (let after: string | undefined; ; ) {
      const behind = after === undefined ? {} : { after };
      const args = { workspaceId, entity, limit: EXPORT_PAGE, deleted: true, ...behind } as const;
      const page = await store.read('exportObjects', args);
      for (const object of page) objects.set(object.key, object);
      if (page.length < EXPORT_PAGE) return objects;
      after = page.at(-1)?.key;
    }
  };
  const exported: Trap['exported'] = async (alias) => {
    const rows: Json[] = [];
    for await (const line of exportConversations(
      { reader: store, logger: silentLogger },
      { workspace: alias },
    ))
      rows.push(JSON.parse(line) as Json);
    return rows;
  };
  const later = (seconds: number): void => {
    const { clockOffsetSeconds } = sandbox.set({});
    sandbox.set({ clockOffsetSeconds: clockOffsetSeconds + seconds });
  };
  const query = createQueryService({ reader: store, logger: silentLogger });
  const status: Trap['status'] = async () => (await query.getSyncStatus({})).workspaces[0];
  return {
    sandbox,
    place,
    store,
    query,
    sync,
    background,
    mirrored,
    later,
    exported,
    async expectMirrored({ except, ...options } = {}) {
      sandbox.setFaults(undefined);
      const held = await heldConversations(sandbox.url);
      expectSame(await exported(), held, except);
      later(2);
      await sync(options);
      expectSame(await exported(), held, except);
    },
    expectContactsMirrored() {
      sandbox.setFaults(undefined);
      return expectContactsMirrored(place.url, sandbox.url);
    },
    status,
    asOf: async () => (await status()).metadata.as_of,
    ids: async () =>
      Array.from({ length: world.conversations.count }, (_, index) => world.conversations.id(index)),
    contactIds: () => Array.from({ length: world.contacts.count }, (_, index) => world.contacts.id(index)),
    async conversation(id) {
      const answer = await fetch(`${sandbox.url}/conversations/${id}`, {
        headers: { Authorization: 'Bearer sandbox', Accept: '*/*', 'Intercom-Version': '2.16' },
      });
      return (await answer.json()) as JsonObject;
    },
    threadsServed() {
      const served = new Map<string, number>();
      for (const { path, status: code, fault, headers } of sandbox.log()) {
        const id = THREAD_PATH.exec(path)?.[1];
        // The requests of the program name it; those of the oracle do not.
        if (id === undefined || code !== 200 || fault !== null || !isOurs(headers)) continue;
        served.set(id, (served.get(id) ?? 0) + 1);
      }
      return served;
    },
    async close() {
      await place.drop();
      await sandbox.close();
    },
  };
};

const isOurs = (headers: Readonly<Record<string, string>>): boolean =>
  headers['user-agent']?.startsWith('fast-intercom-mcp') ?? false;

/** The requests that the program itself sent. */
export const ourRequests = (sandbox: Sandbox) => sandbox.log().filter(({ headers }) => isOurs(headers));

/** An export that two runs may be compared by. */
export const comparable = (rows: readonly Json[]): string =>
  withoutFetchTime(rows.map((row) => JSON.stringify(row)).join('\n'));

type Suite = (open: (options: TrapOptions) => Promise<Trap & AsyncDisposable>) => void;

const opener =
  (engine: (typeof ENGINES)[number]) =>
  async (options: TrapOptions): Promise<Trap & AsyncDisposable> => {
    const trap = await openTrap(engine.create, options);
    return Object.assign(trap, { [Symbol.asyncDispose]: () => trap.close() });
  };

/** Registers a suite of traps once an engine. */
export const describeTraps = (name: string, suite: Suite): void => {
  for (const engine of ENGINES) {
    const register = engine.name === 'postgres' ? describeWithPostgres : describe;
    register(`${name} [${engine.name}]`, () => suite(opener(engine)));
  }
};

/** For traps that end in the API client, before anything is stored: one engine says it all. */
export const describeTrapsOnce = (name: string, suite: Suite): void => {
  describe(`${name} [${ENGINES[0].name}]`, () => {
    suite(opener(ENGINES[0]));
  });
};
