import { sql } from 'kysely';
import type { Candidate, Clause, Flavor, SearchDocument, WriteDb } from '../../data/context.ts';
import { PART_BREAK } from '../../data/search-terms.ts';

/** One clause in FTS5's query language. Terms hold letters, digits and marks only, so quoting is enough. */
const clauseToMatch = (clause: Clause): string => {
  const terms = clause.map((term) => term.term).join(' ');
  return clause.at(-1)?.prefix ? `"${terms}" *` : `"${terms}"`;
};

const removeDocuments = async (db: WriteDb, docIds: readonly number[]): Promise<void> => {
  if (docIds.length === 0) return;
  await sql`delete from search_fts where rowid in (${sql.join([...docIds])})`.execute(db);
};

/** The embedded engine: FTS5 over ready-made terms. */
export const sqliteFlavor: Flavor = {
  engine: 'sqlite',
  alive: () => sql<boolean>`alive() = 1`,
  async nextDocIds(db, count) {
    if (count === 0) return [];
    const { rows } = await sql<{ top: number | null }>`select max(doc_id) as top from conversations`.execute(
      db,
    );
    const top = rows[0]?.top ?? 0;
    return Array.from({ length: count }, (_, index) => top + 1 + index);
  },
  async putSearchDocuments(db: WriteDb, documents: readonly SearchDocument[]) {
    await removeDocuments(
      db,
      documents.map((document) => document.docId),
    );
    for (const document of documents) {
      if (document.parts.length === 0) continue;
      const terms = document.parts.map((part) => part.join(' ')).join(` ${PART_BREAK} `);
      await sql`insert into search_fts (rowid, terms) values (${document.docId}, ${terms})`.execute(db);
    }
  },
  removeSearchDocuments: removeDocuments,
  candidates(clauses, scored) {
    const match = clauses.map(clauseToMatch).join(' AND ');
    const score = scored ? sql`-bm25(search_fts)` : sql`0.0`;
    return sql<Candidate>`(select rowid as doc_id, ${score} as score from search_fts where search_fts match ${match})`.as(
      'hit',
    );
  },
};
