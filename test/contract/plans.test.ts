import { Kysely } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reads } from '../../src/data/registry.ts';
import type { Schema } from '../../src/data/schema.ts';
import type { ReadDb } from '../../src/data/db.ts';
import type { SegmentCache } from '../../src/data/search-index/segment-cache.ts';
import type { StoreReader } from '../../src/data/store.ts';
import { createQueryService } from '../../src/query/create-query-service.ts';
import type { QueryService } from '../../src/query/query-service.ts';
import { sqlitePathOf } from '../../src/storage/open-store.ts';
import { openConnection } from '../../src/storage/sqlite/connection.ts';
import { nodeSqliteDialect } from '../../src/storage/sqlite/dialect.ts';
import { sqliteFlavor } from '../../src/storage/sqlite/flavor.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { beginSync, mirror } from './builders.ts';
import { ENGINES, type TestPlace } from './engines.ts';

/** Tables that grow with the workspace. */
const LARGE =
  /\b(conversations|conversation_(?!attributes)\w+|contacts|contact_\w+|companies|tickets|ticket_contacts|custom_attribute_values|search_blocks|search_metrics|fetch_queue)\b/;

/** Statements that may visit many rows of a large table, and why that is all right. */
const REVIEWED: readonly { readonly statement: RegExp; readonly why: string }[] = [
  { statement: /order by "created_at" (asc|desc) limit \?$/, why: 'the first entry of an index' },
  { statement: /from "contact_aliases"/, why: 'merged contacts are few' },
  {
    statement: /from "contact_segments" where "workspace_id" = \?$/,
    why: 'all are asked for: groups by segment',
  },
];

interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

let place: TestPlace;
let database: ReturnType<typeof openConnection>;
let service: QueryService;
const seen = new Map<string, Statement>();

beforeAll(async () => {
  place = await ENGINES[0].create();
  const store = await place.open();
  const fence = await beginSync(store);
  await mirror(
    store,
    fence,
    Array.from({ length: 30 }, (_, index) => ({
      id: String(100 + index),
      created_at: 1_700_000_000 + index * 3_600,
      opening: `<p>a refund for order ${index}</p>`,
      parts: [{ id: `${index}-1`, body: '<p>we look into it</p>' }],
    })),
  );
  database = openConnection({ path: sqlitePathOf(place.url) ?? '', role: 'reader' });
  database.function('alive', { deterministic: false }, () => 1);
  const db = new Kysely<Schema>({
    dialect: nodeSqliteDialect(database, 'reader'),
    log: ({ query }) => void seen.set(query.sql, query),
  });
  const segments: SegmentCache = new Map();
  const context = { db: db as unknown as ReadDb, flavor: sqliteFlavor, segments, alive: () => undefined };
  const reader: StoreReader = {
    engine: 'sqlite',
    read: (name, args) => (reads[name] as (...all: unknown[]) => Promise<never>)(context, args),
  };
  service = createQueryService({ reader, logger: silentLogger });
});
afterAll(async () => {
  database.close();
  await place.drop();
});

/** Everything that is asked of a mirror, in many forms. */
const askEverything = async (): Promise<void> => {
  for (const query of [
    'refund',
    '"a refund"',
    'refund OR order',
    'refund -look',
    'efun',
    'contact:a@example.com',
    'company:acme',
  ])
    for (const sort of ['relevance', 'newest', 'oldest'] as const) {
      const answer = await service.searchConversations({ query, sort, limit: 12 });
      const { next_cursor: cursor } = answer.pagination;
      if (cursor !== null) await service.searchConversations({ query, sort, limit: 12, cursor });
    }
  await service.searchConversations({
    query: 'a refund for an order that nobody looks into',
    attributes: { seats: '>3' },
  });
  await service.searchConversations({ ids: ['101', '102'] });
  const page = await service.getConversation({ id: '101', limit: 1 });
  const { next_cursor: more } = page.pagination;
  await service.getConversation({ id: '101', limit: 1, ...(more ? { cursor: more } : {}) });
  await service.findSimilarConversations({ id: '101' });
  await service.analyzeConversations({
    metrics: ['created', 'contacts', 'recontact_rate'],
    group_by: ['company', 'segment'],
  });
  await service.findTrends({ timeframe: '2023-11-14..2023-11-15' });
  await service.analyzeConversations({ group_by: ['day', 'tag'], compare: true, timeframe: '2023' });
  await service.describeWorkspace({});
  await service.getSyncStatus({});
};

/** Lines of a plan that visit more of a large table than what is asked for. */
const wide = ({ parameters, sql }: Statement): string[] =>
  database
    .prepare(`explain query plan ${sql}`)
    .all(...(parameters as string[]))
    .map(({ detail }) => String(detail))
    .filter(
      (detail) => LARGE.test(detail) && (detail.startsWith('SCAN ') || detail.endsWith('(workspace_id=?)')),
    );

it('no statement of an answer reads a large table from end to end', async () => {
  await askEverything();
  const statements = [...seen.values()].filter(
    ({ sql }) => sql.startsWith('select') || sql.startsWith('with'),
  );
  expect(statements.length).toBeGreaterThan(15);
  const found = statements.flatMap((statement) => {
    if (REVIEWED.some((each) => each.statement.test(statement.sql))) return [];
    return wide(statement).map((detail) => `${detail}: ${statement.sql}`);
  });
  expect(found).toEqual([]);
});

it('sees a statement that does', () => {
  const ids = Array.from({ length: 20 }, (_, id) => id).join();
  const sql = `select title from conversations where workspace_id = ? and doc_id in (${ids})`;
  expect(wide({ sql, parameters: ['w'] })).toHaveLength(1);
  expect(wide({ sql: 'select title from conversations', parameters: [] })).toHaveLength(1);
});
