import type { StoreReader } from '../../src/data/store.ts';
import { type HttpServer, startHttpServer } from '../../src/http/create-http-server.ts';
import { createMcpServerFactory } from '../../src/mcp/create-mcp-server.ts';
import { createQueryService } from '../../src/query/create-query-service.ts';
import type { QueryDeps } from '../../src/query/deps.ts';
import type { QueryService } from '../../src/query/query-service.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { type Logger, silentLogger } from '../../src/telemetry/logger.ts';
import { beginSync, type ConversationSpec, mirror } from '../contract/builders.ts';
import { ENGINES, type TestPlace } from '../contract/engines.ts';

export interface InProcess {
  readonly store: OpenedStore;
  readonly query: QueryService;
  /** `http://127.0.0.1:…/mcp` */
  readonly url: string;
  close(): Promise<void>;
}

export interface InProcessOptions {
  /** Where the mirror lies; default: in a SQLite file. */
  readonly create?: () => Promise<TestPlace>;
  /** Puts further rows into it. */
  readonly fill?: (place: TestPlace) => Promise<void>;
  /** What the server offers; default: as by default. */
  readonly tools?: Parameters<typeof createMcpServerFactory>[0]['tools'];
  readonly conversations: readonly ConversationSpec[];
  readonly logger?: Logger;
  /** Puts something between the use cases and the store, or between the tools and the use cases. */
  readonly aroundReader?: (store: OpenedStore) => StoreReader;
  readonly aroundQuery?: (query: QueryService) => QueryService;
  /** What a sync that is asked for does. */
  readonly syncing?: NonNullable<QueryDeps['syncing']>;
}

/** The real server in this process, over a real store with these conversations. */
export const serveInProcess = async (options: InProcessOptions): Promise<InProcess> => {
  const { conversations, logger = silentLogger, aroundReader, aroundQuery } = options;
  const place: TestPlace = await (options.create ?? ENGINES[0].create)();
  const store = await place.open();
  await mirror(store, await beginSync(store), conversations);
  await options.fill?.(place);
  const reader = aroundReader?.(store) ?? store;
  const plain = createQueryService({
    reader,
    logger,
    ...(options.syncing ? { syncing: options.syncing } : {}),
  });
  const query = aroundQuery?.(plain) ?? plain;
  const server: HttpServer = await startHttpServer({
    factory: createMcpServerFactory({
      query,
      logger,
      version: '0.0.0',
      ...(options.tools ? { tools: options.tools } : {}),
    }),
    host: '127.0.0.1',
    port: 0,
    logger,
    ready: () => Promise.resolve({ database: true, migrations: true }),
  });
  return {
    store,
    query,
    url: `${server.url}/mcp`,
    async close() {
      await server.close();
      await place.drop();
    },
  };
};

/** Conversations with one message each. */
export const simple = (count: number): ConversationSpec[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${index + 1}`,
    created_at: 1_700_000_000 + index,
    opening: `<p>message ${index + 1} about an order</p>`,
  }));
