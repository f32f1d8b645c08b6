import type { AttributeValue } from '../../lib/custom-attributes.ts';
import type { WriteDb } from '../db.ts';
import { upsertRows } from './upsert-rows.ts';

/** What has custom attributes that can be asked for. */
export type AttributedEntity = 'conversations' | 'contacts' | 'companies' | 'tickets';

export interface AttributedObject {
  readonly id: string;
  readonly attributes: readonly AttributeValue[];
}

const IDS_PER_STATEMENT = 500;
const KEY = ['workspace_id', 'entity', 'object_id', 'name', 'position'];

const lineOf = (value: AttributeValue): string =>
  JSON.stringify([value.name, value.position, value.kind, value.text, value.number]);

/** Attributes of an object in one string, so that two sets can be compared. */
const printOf = (values: readonly AttributeValue[]): string => values.map(lineOf).sort().join('\n');

/**
 * Replaces the custom attributes of objects, in the transaction that stores the objects. Most objects change without
 * their attributes: those are left alone.
 */
export const putAttributes = async (
  db: WriteDb,
  workspaceId: string,
  entity: AttributedEntity,
  objects: readonly AttributedObject[],
): Promise<void> => {
  for (let start = 0; start < objects.length; start += IDS_PER_STATEMENT) {
    const some = objects.slice(start, start + IDS_PER_STATEMENT);
    const stored = await storedPrints(
      db,
      workspaceId,
      entity,
      some.map(({ id }) => id),
    );
    const changed = some.filter(({ attributes, id }) => printOf(attributes) !== (stored.get(id) ?? ''));
    await removeAttributes(
      db,
      workspaceId,
      entity,
      changed.flatMap(({ id }) => (stored.has(id) ? [id] : [])),
    );
    await upsertRows(
      db,
      'custom_attribute_values',
      KEY,
      changed.flatMap(({ attributes, id }) =>
        attributes.map(({ kind, name, number, position, text }) => ({
          workspace_id: workspaceId,
          entity,
          object_id: id,
          name,
          position,
          kind,
          text_value: text,
          number_value: number,
        })),
      ),
    );
  }
};

/** Takes the attributes of objects away. */
export const removeAttributes = async (
  db: WriteDb,
  workspaceId: string,
  entity: AttributedEntity,
  ids: readonly string[],
): Promise<void> => {
  if (ids.length === 0) return;
  await db
    .deleteFrom('custom_attribute_values')
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .where('object_id', 'in', ids)
    .execute();
};

const storedPrints = async (
  db: WriteDb,
  workspaceId: string,
  entity: AttributedEntity,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('custom_attribute_values')
    .select(['object_id', 'name', 'position', 'kind', 'text_value', 'number_value'])
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .where('object_id', 'in', ids)
    .execute();
  const byId = Map.groupBy(rows, (row) => row.object_id);
  return new Map(
    [...byId].map(([id, values]) => [
      id,
      printOf(
        values.map(({ kind, name, number_value, position, text_value }) => ({
          name,
          position,
          kind: kind as AttributeValue['kind'],
          text: text_value ?? '',
          number: number_value,
        })),
      ),
    ]),
  );
};
