import { ApiError } from '../errors.ts';
import type { JsonObject, ListName } from '../world.ts';
import { type Api, type Handler, hasVersion216 } from './api.ts';

/** A small table, whole, under the key and type that its endpoint has (API-FACTS 3.1). */
const whole =
  (name: ListName, type = 'list', key = 'data'): Handler =>
  ({ live }) => ({ type, [key]: [...live.lists[name]] });

export const listAdmins = whole('admins', 'admin.list', 'admins');
export const listTeams = whole('teams', 'team.list', 'teams');
export const listTags = whole('tags');
export const listTicketTypes = whole('ticket_types');
export const listTicketStates = whole('ticket_states');
export const listSubscriptionTypes = whole('subscription_types');
export const listHelpCenters = whole('help_centers');
export const listBrands = whole('brands');
export const listOfficeHours = whole('office_hours_schedules', 'office_hours_schedule.list');

/** GET /segments: how many people are in each has to be asked for. */
export const listSegments: Handler = ({ live }, { query }) => ({
  type: 'segment.list',
  segments: live.lists.segments.map((segment) => {
    const { count, ...rest } = segment;
    return query.get('include_count') === 'true' ? { ...rest, count: count ?? null } : rest;
  }),
});

const attributes = ({ live }: Api, name: ListName, archived: boolean): JsonObject[] =>
  live.lists[name].filter((attribute) => archived || attribute.archived !== true);

/** As GET /data_attributes of 2.15 and before shows one of a conversation. */
const asDataAttribute = (attribute: JsonObject): JsonObject => ({
  type: 'data_attribute',
  id: attribute.id ?? null,
  model: 'conversation',
  name: attribute.name ?? '',
  full_name: `custom_attributes.${String(attribute.name)}`,
  label: attribute.name ?? '',
  description: attribute.description ?? '',
  data_type: attribute.data_type ?? 'string',
  custom: true,
  archived: attribute.archived ?? false,
  created_at: attribute.created_at ?? 0,
  updated_at: attribute.updated_at ?? 0,
  admin_id: attribute.admin_id ?? null,
});

/** GET /data_attributes; those of conversations moved away with 2.16 (API-FACTS 5.7). */
export const listDataAttributes: Handler = (api, request) => {
  const model = request.query.get('model');
  const archived = request.query.get('include_archived') === 'true';
  if (model === 'conversation' && hasVersion216(request))
    throw new ApiError(
      422,
      'parameter_invalid',
      'model=conversation is no longer supported. Use GET /conversations/attributes instead',
    );
  const own = attributes(api, 'data_attributes', archived);
  const moved = hasVersion216(request)
    ? []
    : attributes(api, 'conversation_attributes', archived).map(asDataAttribute);
  return {
    type: 'list',
    data: [...own, ...moved].filter((attribute) => model === null || attribute.model === model),
  };
};

/** GET /conversations/attributes, from 2.16 on. */
export const listConversationAttributes: Handler = (api, { query }) => ({
  type: 'list',
  data: attributes(api, 'conversation_attributes', query.get('include_archived') === 'true'),
});
