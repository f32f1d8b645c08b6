import {
  type CompiledQuery,
  InsertQueryNode,
  PrimitiveValueListNode,
  type QueryId,
  type RootOperationNode,
  SqliteQueryCompiler,
  ValuesNode,
} from 'kysely';

/** An insert of many rows as the statement of one row, to be run once for each. */
export interface RowInsert extends CompiledQuery {
  /** The parameters of each run. */
  readonly runs: readonly (readonly unknown[])[];
}

/** The values of an insert of several rows that consist of plain values only; undefined for anything else. */
const rowsOf = (node: RootOperationNode): readonly (readonly unknown[])[] | undefined => {
  if (!InsertQueryNode.is(node) || node.values === undefined || !ValuesNode.is(node.values)) return undefined;
  if (node.with !== undefined || node.returning !== undefined) return undefined;
  const { values } = node.values;
  if (values.length < 2 || !values.every((row) => PrimitiveValueListNode.is(row))) return undefined;
  return values.map((row) => row.values);
};

/**
 * SQLite parses an insert of many rows into a program as long as the text, a new one for each number of rows: 260 KB
 * for forty conversations, kept with everything that was bound to it. The statement of one row is prepared once; to run
 * it forty times in the same transaction costs less than to parse the long one (docs/adr/0010).
 */
export class RowInsertCompiler extends SqliteQueryCompiler {
  override compileQuery(node: RootOperationNode, queryId: QueryId): CompiledQuery {
    const rows = rowsOf(node);
    if (rows === undefined) return super.compileQuery(node, queryId);
    const [first] = rows as [readonly unknown[]];
    const insert = node as InsertQueryNode;
    const values = ValuesNode.create([PrimitiveValueListNode.create(first)]);
    const one = super.compileQuery(InsertQueryNode.cloneWith(insert, { values }), queryId);
    // Behind the row stands what the clause for conflicts binds, the same for each.
    const rest = one.parameters.slice(first.length);
    const runs = rest.length === 0 ? rows : rows.map((row) => [...row, ...rest]);
    return { ...one, runs } satisfies RowInsert as CompiledQuery;
  }
}

export const isRowInsert = (query: CompiledQuery): query is RowInsert => 'runs' in query;
