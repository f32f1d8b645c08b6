import type { JsonObject } from '../world.ts';
import type { SearchField } from './conversation-fields.ts';
import type { FieldType } from './operators.ts';

const plain = (type: FieldType, names: string): readonly (readonly [string, SearchField])[] =>
  names.split(' ').map((name) => [name, { type, read: (item) => item[name] }]);

const inside = (parent: string, names: string): readonly (readonly [string, SearchField])[] =>
  names
    .split(' ')
    .map((name) => [
      `${parent}.${name}`,
      { type: 'string', read: (item) => (item[parent] as JsonObject | null)?.[name] },
    ]);

/** What POST /contacts/search accepts, without custom attributes. */
export const CONTACT_FIELDS: ReadonlyMap<string, SearchField> = new Map([
  ...plain('string', 'id role name avatar owner_id email email_domain phone external_id language_override'),
  ...plain('string', 'browser browser_language os ios_app_version ios_device ios_os_version ios_app_name'),
  ...plain('string', 'ios_sdk_version android_app_version android_device android_app_name'),
  ...plain('boolean', 'unsubscribed_from_emails marked_email_as_spam has_hard_bounced'),
  ...plain('date', 'created_at signed_up_at updated_at last_seen_at last_contacted_at last_replied_at'),
  ...plain('date', 'last_email_opened_at last_email_clicked_at ios_last_seen_at android_last_seen_at'),
  ...inside('location', 'country region city'),
]);

const CUSTOM = 'custom_attributes.';

/** A searchable field of a contact; undefined for an unknown one. */
export const contactField = (name: string): SearchField | undefined =>
  name.startsWith(CUSTOM)
    ? {
        type: 'string',
        read: (item) => (item.custom_attributes as JsonObject | null)?.[name.slice(CUSTOM.length)],
      }
    : CONTACT_FIELDS.get(name);
