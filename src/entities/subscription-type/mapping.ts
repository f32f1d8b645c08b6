import { asFilledText, asId, asObject } from '../../lib/read-json.ts';
import type { SubscriptionTypeTable } from './table.ts';

export type SubscriptionTypeColumns = Omit<
  SubscriptionTypeTable,
  'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'
>;

/** An object of GET /subscription_types → columns; undefined without an id. */
export const mapSubscriptionType = (payload: unknown): SubscriptionTypeColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    name: asFilledText(asObject(object.default_translation).name),
    state: asFilledText(object.state),
    consent_type: asFilledText(object.consent_type),
  };
};
