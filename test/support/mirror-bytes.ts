import { readFile } from 'node:fs/promises';
import pg from 'pg';

/** Every byte of the mirror's tables and indexes, as they lie on the disk. */
export const bytesOf = async (url: string): Promise<string> => {
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length);
    const files = [path, `${path}-wal`, `${path}-shm`];
    const read = await Promise.all(files.map((file) => readFile(file).catch(() => Buffer.alloc(0))));
    return Buffer.concat(read).toString('latin1');
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('checkpoint');
    const { rows } = await client.query<{ bytes: Buffer }>(`
      select pg_read_binary_file(pg_relation_filepath(oid)) as bytes from pg_class
      where pg_relation_filepath(oid) is not null and relkind in ('r', 'i', 't', 'm') and oid >= 16384`);
    return rows.map(({ bytes }) => bytes.toString('latin1')).join('\n');
  } finally {
    await client.end();
  }
};
