import type { Transaction } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';
import type { Schema } from './schema.ts';

/** A connection that cannot write, by type (ARCHITECTURE 4). */
export type ReadDb = ReadonlyKysely<Schema>;
export type WriteDb = Transaction<Schema>;

/** The reading half of a writer's connection, for what reads and writes share. */
export const readingHalf = (db: WriteDb): ReadDb => db as unknown as ReadDb;
