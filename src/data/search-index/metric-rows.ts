import type { ReadDb, WriteDb } from '../db.ts';
import { readingHalf } from '../db.ts';
import type { DocPicks } from './doc-picks.ts';
import {
  type ContactColumn,
  CONTACTS,
  decodeContacts,
  decodeNumbers,
  METRIC_COLUMNS,
  type MetricColumn,
  pickContacts,
  pickNumbers,
  type StoredColumn,
} from './metric-columns.ts';

interface Sized {
  readonly id: number;
  readonly size: number;
}

/** Columns of so many documents are read in one statement; of more one after the other, so that memory stays flat. */
const AT_ONCE = 16_384;
const NAMES: readonly string[] = [...METRIC_COLUMNS, CONTACTS];

/** Stores the columns of a new segment. */
export const putMetrics = async (
  db: WriteDb,
  workspaceId: string,
  segmentId: number,
  columns: readonly StoredColumn[],
): Promise<void> => {
  if (columns.length === 0) return;
  await db
    .insertInto('search_metrics')
    .values(columns.map((column) => ({ workspace_id: workspaceId, segment_id: segmentId, ...column })))
    .execute();
};

/** Bytes by name, then segment. */
const readBytes = async (
  db: ReadDb,
  workspaceId: string,
  segments: readonly Sized[],
  names: readonly string[],
): Promise<Map<string, Map<number, Uint8Array>>> => {
  const found = new Map<string, Map<number, Uint8Array>>(names.map((name) => [name, new Map()]));
  if (segments.length === 0 || names.length === 0) return found;
  const rows = await db
    .selectFrom('search_metrics')
    .select(['segment_id', 'name', 'data'])
    .where('workspace_id', '=', workspaceId)
    .where(
      'segment_id',
      'in',
      segments.map(({ id }) => id),
    )
    .where('name', 'in', names)
    .execute();
  for (const row of rows) found.get(row.name)?.set(row.segment_id, row.data);
  return found;
};

/** Columns of segments, by segment. */
export interface ReadMetrics {
  numbers(segment: Sized, name: MetricColumn): Int32Array;
  contacts(segment: Sized): ContactColumn;
}

/** Reads what is measured of the documents of segments. */
export const readMetrics = async (
  db: ReadDb,
  workspaceId: string,
  segments: readonly Sized[],
  names: readonly (MetricColumn | typeof CONTACTS)[],
): Promise<ReadMetrics> => {
  const bytes = await readBytes(db, workspaceId, segments, names);
  return {
    numbers: ({ id, size }, name) => decodeNumbers(bytes.get(name)?.get(id), size),
    contacts: ({ id, size }) => decodeContacts(bytes.get(CONTACTS)?.get(id), size),
  };
};

/** Stores the columns of a segment that is made of others. */
export const mergeMetrics = async (
  db: WriteDb,
  workspaceId: string,
  sources: readonly Sized[],
  made: { readonly segmentId: number; readonly picks: DocPicks },
): Promise<void> => {
  const { picks, segmentId } = made;
  const steps = picks.ordinals.length <= AT_ONCE ? [NAMES] : NAMES.map((name) => [name]);
  for (const names of steps) {
    const bytes = await readBytes(readingHalf(db), workspaceId, sources, names);
    const columns = names.flatMap((name): StoredColumn[] => {
      const own = bytes.get(name);
      if (own === undefined || own.size === 0) return [];
      const data =
        name === CONTACTS
          ? pickContacts(
              sources.map(({ id, size }) => decodeContacts(own.get(id), size)),
              picks,
            )
          : pickNumbers(
              sources.map(({ id, size }) => decodeNumbers(own.get(id), size)),
              picks,
            );
      return data === undefined ? [] : [{ name, data }];
    });
    await putMetrics(db, workspaceId, segmentId, columns);
  }
};
