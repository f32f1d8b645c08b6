import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { unpackText } from '../../src/data/payload-codec.ts';
import { sqlRows } from '../support/sql.ts';

export type Json = Record<string, unknown>;

/** Most parts that Intercom gives of a conversation (API-FACTS 5.1). */
const MAX_PARTS = 500;

/** Objects of one kind that the simulated workspace holds now; past its limits, faults and log. */
const heldObjects = async (sandboxUrl: string, kind: string): Promise<Json[]> => {
  const held: Json[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const answer = await fetch(`${sandboxUrl}/__sandbox/objects?kind=${kind}&from=${from}`);
    if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}`);
    const page = (await answer.json()) as { objects: Json[]; next: number | null };
    held.push(...page.objects);
    from = page.next;
  }
  return held;
};

/** What the simulated workspace holds now: every conversation with all of its parts, by id. */
export const heldConversations = async (sandboxUrl: string): Promise<ReadonlyMap<string, Json>> =>
  new Map((await heldObjects(sandboxUrl, 'conversations')).map((object) => [String(object.id), object]));

/** Intercom's object as the contract says that an export shows it; shares nothing with the program. */
const asExported = (value: unknown, key = ''): unknown => {
  if (key === 'custom_attributes' || key === 'event_details') return value;
  if (Array.isArray(value)) return value.map((item) => asExported(item));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asExported(inner, name)]));
  const isTime = /_at$|^waiting_since$|^snoozed_until$/.test(key);
  return isTime && typeof value === 'number' && Number.isInteger(value)
    ? new Date(value * 1000).toISOString().replace('.000Z', 'Z')
    : value;
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Ids are text in an export, whatever Intercom sent (API-FACTS 6.8); none, 0 and "" name nothing. */
const idOf = (id: unknown): string | null => {
  const text = typeof id === 'string' || typeof id === 'number' ? String(id) : '';
  return text === '' || text === '0' ? null : text;
};

/** A line of the export that is due for an object of the API, without `_mirror`. */
export const expectedLine = (object: Json): Json => {
  const { conversation_parts: list, ...fields } = asExported(object) as Json;
  const { type: channel, ...opening } = isObject(fields.source) ? fields.source : {};
  const given = isObject(list) && Array.isArray(list.conversation_parts) ? list.conversation_parts : [];
  const message = { author: null, body: null, created_at: null };
  const parts = (given as unknown[]).map((value) => {
    const { id, part_type, ...part } = isObject(value) ? value : {};
    return { ...message, ...part, id: idOf(id), type: part_type ?? 'unknown' };
  });
  return {
    ...fields,
    parts: [
      {
        ...message,
        ...opening,
        id: idOf(opening.id),
        type: 'source',
        source_type: channel ?? null,
        created_at: fields.created_at ?? null,
      },
      ...parts,
    ],
  };
};

const fieldsThatDiffer = (row: Json, expected: Json): string[] =>
  [...new Set([...Object.keys(row), ...Object.keys(expected)])].filter(
    (key) => key !== '_mirror' && key !== 'parts' && !isDeepStrictEqual(row[key], expected[key]),
  );

/** Of a conversation with more parts than Intercom gives, the newest must be there, and may be more of the old (I2). */
const partsDiffer = (row: Json, expected: Json): boolean => {
  const [opening, ...parts] = row.parts as Json[];
  const [due, ...all] = expected.parts as Json[];
  const enough = parts.length >= Math.min(all.length, MAX_PARTS);
  const kept = all.length > MAX_PARTS ? all.slice(-parts.length) : all;
  return !enough || !isDeepStrictEqual([opening, ...parts], [due, ...kept]);
};

const isHydrated = (row: Json): boolean => (row._mirror as { hydrated: boolean }).hydrated;

/** In words, where the mirror differs from the simulated workspace; empty when it does not. */
export const differences = (rows: readonly Json[], held: ReadonlyMap<string, Json>): string[] => {
  const found: string[] = [];
  const ids = rows.map(({ id }) => String(id));
  for (const id of ids.filter((each, index) => ids.indexOf(each) !== index)) found.push(`${id}: twice`);
  for (const id of held.keys()) if (!ids.includes(id)) found.push(`${id}: missing`);
  for (const row of rows) {
    const id = String(row.id);
    const object = held.get(id);
    if (object === undefined) {
      found.push(`${id}: not in Intercom`);
      continue;
    }
    const expected = expectedLine(object);
    const fields = fieldsThatDiffer(row, expected);
    if (fields.length > 0) found.push(`${id}: ${fields.join(', ')}`);
    if (!isHydrated(row)) found.push(`${id}: without its thread`);
    else if (partsDiffer(row, expected)) found.push(`${id}: parts`);
  }
  return found;
};

/** I1 and I2: the exported rows are the conversations of the simulated workspace, field by field and part by part. */
export const expectSame = (
  rows: readonly Json[],
  held: ReadonlyMap<string, Json>,
  except: readonly string[] = [],
): void => {
  const wanted = [...held].filter(([id]) => !except.includes(id));
  const shown = rows.filter(({ id }) => !except.includes(String(id)));
  expect(differences(shown, new Map(wanted)).slice(0, 20)).toEqual([]);
};

/** The contacts of the mirror are those of the simulated workspace; read from the tables themselves. */
export const expectContactsMirrored = async (databaseUrl: string, sandboxUrl: string): Promise<void> => {
  const held = await heldObjects(sandboxUrl, 'contacts');
  const rows = await sqlRows(databaseUrl, 'select payload from contacts where deleted_at is null');
  const mirrored = rows.map(({ payload }) => JSON.parse(unpackText(payload as Uint8Array)) as Json);
  const byId = (items: readonly Json[]): Json[] =>
    items.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
  expect(byId(mirrored)).toEqual(byId(held));
};
