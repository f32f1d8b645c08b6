import type { IncomingContact } from '../data/writes/apply-contacts.ts';
import { mapContact, mapContactLists } from '../entities/contact/mapping.ts';
import { attributeValues } from '../lib/custom-attributes.ts';
import { asObject } from '../lib/read-json.ts';

/** JSON of a contact → what the storage takes; undefined without an id. */
export const toIncomingContact = (payload: string): IncomingContact | undefined => {
  const parsed: unknown = JSON.parse(payload);
  const columns = mapContact(parsed);
  if (columns === undefined) return undefined;
  return {
    columns,
    lists: mapContactLists(parsed),
    attributes: attributeValues(asObject(parsed), payload, 'custom_attributes'),
    payload,
  };
};
