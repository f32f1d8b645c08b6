import { asFilledText, asId, asObject, asTime } from '../../lib/read-json.ts';
import type { ContactTable } from './table.ts';

export type ContactColumns = Omit<ContactTable, 'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'>;

/** How e-mail addresses are compared everywhere. */
export const emailKey = (email: string): string => email.trim().toLowerCase();

/** A contact object → columns; undefined without an id. */
export const mapContact = (payload: unknown): ContactColumns | undefined => {
  const contact = asObject(payload);
  const id = asId(contact.id);
  if (id === null) return undefined;
  const email = asFilledText(contact.email);
  return {
    id,
    external_id: asFilledText(contact.external_id),
    role: asFilledText(contact.role),
    name: asFilledText(contact.name),
    email,
    email_key: email === null ? null : emailKey(email),
    phone: asFilledText(contact.phone),
    created_at: asTime(contact.created_at),
    updated_at: asTime(contact.updated_at),
  };
};
