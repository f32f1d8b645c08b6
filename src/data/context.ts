import type { AliasedRawBuilder, Kysely, RawBuilder, Transaction } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';
import type { QueryTerm } from '../lib/text/analyse.ts';
import type { Schema } from './schema.ts';

export type ReadDb = ReadonlyKysely<Schema>;
export type WriteDb = Transaction<Schema>;

/** One search document: the terms of each part of a conversation that has text, in order. */
export interface SearchDocument {
  readonly docId: number;
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly parts: readonly (readonly string[])[];
}

/** What must occur: a sequence of terms, one after the other in one part. A single word is a sequence of one. */
export type Clause = readonly QueryTerm[];

/** Rows of a search in the text index: which documents have all clauses, and how well. */
export interface Candidate {
  doc_id: number;
  /** Higher is better. */
  score: number;
}

/**
 * Where the engines really differ (ARCHITECTURE 2). Everything else is one function on the query builder that both run.
 * Past about eight members an operation gets an implementation of its own per engine instead.
 */
export interface Flavor {
  readonly engine: 'sqlite' | 'postgres';
  /** A condition that is always true while the caller still waits, and ends the statement when not. */
  alive(): RawBuilder<boolean>;
  /** Fresh internal numbers for conversations. */
  nextDocIds(db: WriteDb, count: number): Promise<readonly number[]>;
  /** Replaces the documents with these numbers. */
  putSearchDocuments(db: WriteDb, documents: readonly SearchDocument[]): Promise<void>;
  removeSearchDocuments(db: WriteDb, docIds: readonly number[]): Promise<void>;
  /** Subquery of the documents that have all clauses; `scored` asks for their relevance. */
  candidates(clauses: readonly Clause[], scored: boolean): AliasedRawBuilder<Candidate, 'hit'>;
}

export interface ReadContext {
  readonly db: ReadDb;
  readonly flavor: Flavor;
}

export interface WriteContext {
  readonly db: WriteDb;
  readonly flavor: Flavor;
}

/** The same connection for statements that the read-only type cannot express but that only read. */
export const rawReads = (db: ReadDb): Kysely<Schema> => db as unknown as Kysely<Schema>;
