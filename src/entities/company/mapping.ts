import { asFilledText, asId, asInteger, asNumber, asObject, asTime } from '../../lib/read-json.ts';
import { fold } from '../../lib/text/fold.ts';
import type { CompanyTable } from './table.ts';

/** Longer names are looked up by their beginning: an index takes no key of any length. */
const MAX_KEY = 500;

export type CompanyColumns = Omit<
  CompanyTable,
  'workspace_id' | 'payload' | 'fetched_at' | 'listed_in' | 'listed' | 'deleted_at'
>;

/** A company object → columns; undefined without an id. */
export const mapCompany = (payload: unknown): CompanyColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  const name = asFilledText(object.name);
  return {
    id,
    company_id: asId(object.company_id),
    name,
    name_key: name === null ? null : fold(name).slice(0, MAX_KEY),
    plan: asFilledText(asObject(object.plan).name),
    size: asInteger(object.size),
    website: asFilledText(object.website),
    industry: asFilledText(object.industry),
    monthly_spend: asNumber(object.monthly_spend),
    session_count: asInteger(object.session_count),
    user_count: asInteger(object.user_count),
    remote_created_at: asTime(object.remote_created_at),
    created_at: asTime(object.created_at),
    updated_at: asTime(object.updated_at),
    last_request_at: asTime(object.last_request_at),
  };
};
