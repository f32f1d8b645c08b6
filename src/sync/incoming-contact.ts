import type { IncomingContact } from '../data/writes/apply-contacts.ts';
import { mapContact, mapContactLists, MERGES_KEY } from '../entities/contact/mapping.ts';
import { attributeValues } from '../lib/custom-attributes.ts';
import { splitProperties } from '../lib/json/slice-json.ts';
import { asObject } from '../lib/read-json.ts';

/** JSON of a contact → what the storage takes; undefined without an id. */
export const toIncomingContact = (payload: string): IncomingContact | undefined => {
  const parsed: unknown = JSON.parse(payload);
  const columns = mapContact(parsed);
  if (columns === undefined) return undefined;
  const object = asObject(parsed);
  return {
    columns,
    lists: mapContactLists(parsed),
    attributes: attributeValues(object, payload, 'custom_attributes'),
    // A contact is the same, whether its merges were asked for (`storeMerges`) or not.
    payload: MERGES_KEY in object ? splitProperties(payload, [MERGES_KEY]).rest : payload,
  };
};
