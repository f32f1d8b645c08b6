import { type RawBuilder, sql } from 'kysely';
import type { Candidate, Clause, Flavor, SearchDocument, WriteDb } from '../../data/context.ts';
import { PART_BREAK } from '../../data/search-terms.ts';

/** From here on scripts are analysed in pairs (Thai, Lao, Khmer, Myanmar, kana, Han, Hangul); see lib/text. */
const FIRST_PAIRED_CODE_POINT = 0x0e00;

/** Rows of one statement. */
const DOCUMENTS_PER_STATEMENT = 100;

/** BM25 with the constants of SQLite's FTS5, so that both engines rank alike. */
const K1 = 1.2;
const B = 0.75;

/** The first code point of a pair: a search for one character finds the pairs that begin with it. */
const leadOf = (term: string): string | undefined => {
  const first = term.codePointAt(0) ?? 0;
  if (first < FIRST_PAIRED_CODE_POINT) return undefined;
  const lead = String.fromCodePoint(first);
  return lead === term ? undefined : lead;
};

interface DocumentRow {
  readonly terms: string[];
  readonly counts: number[];
  readonly length: number;
  readonly sequence: string;
}

const documentRow = (document: SearchDocument): DocumentRow => {
  const counts = new Map<string, number>();
  for (const term of document.parts.flat()) {
    counts.set(term, (counts.get(term) ?? 0) + 1);
    const lead = leadOf(term);
    if (lead !== undefined && !counts.has(lead)) counts.set(lead, 0);
  }
  const terms = [...counts.keys()];
  const body = document.parts.map((part) => part.join(' ')).join(` ${PART_BREAK} `);
  return {
    terms,
    counts: terms.map((term) => counts.get(term) ?? 0),
    length: document.parts.reduce((sum, part) => sum + part.length, 0) + document.parts.length - 1,
    sequence: ` ${body} `,
  };
};

const removeDocuments = async (db: WriteDb, docIds: readonly number[]): Promise<void> => {
  if (docIds.length === 0) return;
  await db.deleteFrom('search_documents').where('doc_id', 'in', docIds).execute();
};

/** Terms that every match holds whole; a prefix is only named where it is a single character (see `leadOf`). */
const requiredTerms = (clauses: readonly Clause[]): string[] => [
  ...new Set(
    clauses
      .flat()
      .filter((term) => !term.prefix || [...term.term].length === 1)
      .map((term) => term.term),
  ),
];

/** What the array index cannot tell: order, and words that only begin so. */
const sequenceConditions = (clauses: readonly Clause[]): RawBuilder<boolean>[] =>
  clauses
    .filter((clause) => clause.length > 1 || clause[0]?.prefix)
    .map((clause) => {
      const words = clause.map((term) => term.term).join(' ');
      return sql<boolean>`strpos(d.sequence, ${clause.at(-1)?.prefix ? ` ${words}` : ` ${words} `}) > 0`;
    });

/** Document count, mean length and each term's document frequency: computed once for a statement, not once a row. */
const statisticsOf = (terms: readonly string[]): RawBuilder<unknown> => {
  const frequencies = terms.map(
    (term, index) =>
      sql`, (select count(*)::float8 from search_documents where terms @> array[${term}]::text[]) as ${sql.raw(`f${index}`)}`,
  );
  // `offset 0` keeps the planner from copying these subqueries to every place that names their result.
  return sql`(select count(*)::float8 as n, greatest(avg(term_count), 1)::float8 as average${sql.join(frequencies, sql``)} from search_documents offset 0)`;
};

const scoreOf = (terms: readonly string[]): RawBuilder<number> => {
  const parts = terms.map((term, index) => {
    const found = sql.raw(`s.f${index}`);
    const idf = sql`greatest(ln((s.n - ${found} + 0.5) / (${found} + 0.5)), 0.000001)`;
    const tf = sql`coalesce(d.counts[array_position(d.terms, ${term}::text)], 0)`;
    return sql`${idf} * (${tf} * ${K1 + 1}::float8) / (${tf} + ${K1}::float8 * (${1 - B}::float8 + ${B}::float8 * d.term_count / s.average))`;
  });
  return sql<number>`(${sql.join(parts, sql` + `)})::float8`;
};

/** The server engine: an array index over ready-made terms. */
export const postgresFlavor: Flavor = {
  engine: 'postgres',
  // statement_timeout ends what takes too long.
  alive: () => sql<boolean>`true`,
  async nextDocIds(db, count) {
    if (count === 0) return [];
    const { rows } = await sql<{ id: number }>`
      select nextval('conversation_doc_ids') as id from generate_series(1, ${count}::int)`.execute(db);
    return rows.map((row) => Number(row.id));
  },
  async putSearchDocuments(db, documents) {
    await removeDocuments(
      db,
      documents.map((document) => document.docId),
    );
    const filled = documents.filter((document) => document.parts.length > 0);
    for (let start = 0; start < filled.length; start += DOCUMENTS_PER_STATEMENT) {
      const rows = filled.slice(start, start + DOCUMENTS_PER_STATEMENT).map((document) => {
        const { terms, counts, length, sequence } = documentRow(document);
        return {
          doc_id: document.docId,
          workspace_id: document.workspaceId,
          conversation_id: document.conversationId,
          terms,
          counts,
          term_count: length,
          sequence,
        };
      });
      await db.insertInto('search_documents').values(rows).execute();
    }
  },
  removeSearchDocuments: removeDocuments,
  candidates(clauses, scored) {
    const required = requiredTerms(clauses);
    const conditions = [
      ...(required.length > 0 ? [sql<boolean>`d.terms @> ${required}::text[]`] : []),
      ...sequenceConditions(clauses),
    ];
    const where = sql.join(conditions, sql` and `);
    if (!scored) {
      return sql<Candidate>`(select d.doc_id, 0::float8 as score from search_documents d where ${where})`.as(
        'hit',
      );
    }
    const terms = [...new Set(clauses.flat().map((term) => term.term))];
    return sql<Candidate>`(
      select d.doc_id, ${scoreOf(terms)} as score
      from search_documents d cross join ${statisticsOf(terms)} s
      where ${where})`.as('hit');
  },
};
