import { asFilledText, asFlag, asId, asObject, asTime } from '../../lib/read-json.ts';
import type { HelpCenterTable } from './table.ts';

export type HelpCenterColumns = Omit<
  HelpCenterTable,
  'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'
>;

/** An object of GET /help_center/help_centers → columns; undefined without an id. */
export const mapHelpCenter = (payload: unknown): HelpCenterColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    identifier: asFilledText(object.identifier),
    display_name: asFilledText(object.display_name),
    url: asFilledText(object.url),
    custom_domain: asFilledText(object.custom_domain),
    is_default: asFlag(object.default),
    website_turned_on: asFlag(object.website_turned_on),
    created_at: asTime(object.created_at),
    updated_at: asTime(object.updated_at),
  };
};
