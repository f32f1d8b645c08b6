import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

export type SqlRow = Readonly<Record<string, unknown>>;

/** Rows of a mirror as the engine itself shows them, past all of the program's own code. */
export const sqlRows = async (databaseUrl: string, statement: string): Promise<readonly SqlRow[]> => {
  if (databaseUrl.startsWith('sqlite:')) {
    const database = new DatabaseSync(databaseUrl.slice('sqlite:'.length), { readOnly: true });
    try {
      return database.prepare(statement).all();
    } finally {
      database.close();
    }
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
};
