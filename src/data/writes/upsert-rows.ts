import type { Schema } from '../schema.ts';
import type { WriteDb } from '../db.ts';

/** Bound values in one statement; SQLite takes 32,766, PostgreSQL 65,535. */
const MAX_VALUES = 20_000;

type Row = Readonly<Record<string, unknown>>;

/**
 * Inserts rows, or replaces those of the same key, column by column. All rows have the same columns. Which table it is
 * is known at run time only, so that the caller answers for the columns.
 */
export const upsertRows = async (
  db: WriteDb,
  table: keyof Schema,
  key: readonly string[],
  rows: readonly Row[],
): Promise<void> => {
  const [first] = rows;
  if (first === undefined) return;
  const names = Object.keys(first);
  const others = names.filter((name) => !key.includes(name));
  const perStatement = Math.max(1, Math.floor(MAX_VALUES / names.length));
  for (let start = 0; start < rows.length; start += perStatement) {
    await db
      .insertInto(table as 'tags')
      .values(rows.slice(start, start + perStatement) as never)
      .onConflict((conflict) => {
        const on = conflict.columns(key as never);
        return others.length === 0
          ? on.doNothing()
          : on.doUpdateSet((eb) =>
              Object.fromEntries(others.map((name) => [name, eb.ref(`excluded.${name as 'name'}`)])),
            );
      })
      .execute();
  }
};
