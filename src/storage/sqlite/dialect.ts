import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
} from 'kysely';
import { AppError } from '../../errors/app-error.ts';
import { toStoreError } from './errors.ts';
import { isRowInsert, RowInsertCompiler, type RowInsert } from './row-insert-compiler.ts';

/** Prepared statements kept; the operations use far fewer distinct texts, lists of ids vary in length. */
const KEPT_STATEMENTS = 128;

const insertRows = (statement: StatementSync, { runs }: RowInsert): bigint => {
  let changed = 0n;
  for (const values of runs)
    changed += BigInt(statement.run(...(values as readonly SQLInputValue[])).changes);
  return changed;
};

/** One connection of node:sqlite for Kysely. Everything is synchronous underneath: run it in a worker thread only. */
class NodeSqliteConnection implements DatabaseConnection {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, { statement: StatementSync; returnsRows: boolean }>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return Promise.resolve(this.#run<R>(query));
    } catch (error) {
      return Promise.reject(toStoreError(error, query.sql));
    }
  }

  /** Streaming is not offered: pages are read by keyset instead. */
  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new AppError('INTERNAL', 'Streaming queries are not supported.');
  }

  #run<R>(query: CompiledQuery): QueryResult<R> {
    const { statement, returnsRows } = this.#prepare(query.sql);
    if (isRowInsert(query)) return { rows: [], numAffectedRows: insertRows(statement, query) };
    const values = query.parameters as readonly SQLInputValue[];
    if (returnsRows) return { rows: statement.all(...values) as R[] };
    const { changes } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  #prepare(text: string) {
    const known = this.#statements.get(text);
    if (known) return known;
    const statement = this.#db.prepare(text);
    const prepared = { statement, returnsRows: statement.columns().length > 0 };
    if (this.#statements.size >= KEPT_STATEMENTS) {
      const oldest = this.#statements.keys().next().value;
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    this.#statements.set(text, prepared);
    return prepared;
  }
}

/**
 * The driver hands out its only connection; the worker runs one operation at a time, so no lock is needed here.
 * Writers begin IMMEDIATE: they take the write lock before they read, so that no read grows stale under them.
 */
class NodeSqliteDriver implements Driver {
  readonly #connection: NodeSqliteConnection;
  readonly #begin: string;

  constructor(db: DatabaseSync, role: 'reader' | 'writer') {
    this.#connection = new NodeSqliteConnection(db);
    this.#begin = role === 'writer' ? 'begin immediate' : 'begin deferred';
  }

  async init(): Promise<void> {}
  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection);
  }
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(this.#begin));
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A failed statement (disk full, I/O) may have ended the transaction already; then there is nothing to undo.
    await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined);
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

/** Kysely over one node:sqlite handle. */
export const nodeSqliteDialect = (db: DatabaseSync, role: 'reader' | 'writer'): Dialect => ({
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new NodeSqliteDriver(db, role),
  createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  createQueryCompiler: () => new RowInsertCompiler(),
});
