import type { JsonObject } from '../world.ts';
import { adminId, TEAM_NAMES, teamId } from './staff.ts';

const SEGMENTS = ['Active', 'New', 'Slipping away', 'Trial', 'Enterprise', 'Beta testers'] as const;
export const SEGMENT_COUNT = SEGMENTS.length;
export const segmentId = (index: number): string =>
  `6762f25c1bb6${(index + 1).toString(16).padStart(12, '0')}`;

/** GET /segments; `count` has to be asked for. Times in Unix seconds. */
export const segmentsOf = (at: number): JsonObject[] =>
  SEGMENTS.map((name, index) => ({
    type: 'segment',
    id: segmentId(index),
    name,
    created_at: at + index,
    updated_at: at + index,
    person_type: index === 3 ? 'contact' : 'user',
    count: 40 + index * 7,
  }));

export const SUBSCRIPTION_IDS = ['135', '136', '137'] as const;

export const subscriptionTypesOf = (): JsonObject[] =>
  ['Newsletters', 'Product news', 'Old digest'].map((name, index) => {
    const translation = { name, description: `${name} by e-mail`, locale: 'en' };
    return {
      type: 'subscription',
      id: SUBSCRIPTION_IDS[index] ?? '',
      state: index === 2 ? 'archived' : 'live',
      consent_type: index === 1 ? 'opt_in' : 'opt_out',
      default_translation: translation,
      translations: [translation, { ...translation, name: `${name} (de)`, locale: 'de' }],
      content_types: [index === 1 ? 'sms_message' : 'email'],
    };
  });

export const brandsOf = (at: number): JsonObject[] =>
  ['Sandbox', 'Sandbox Pro'].map((name, index) => ({
    type: 'brand',
    id: index === 0 ? 'tlkp1d91' : '3',
    name,
    is_default: index === 0,
    created_at: at,
    updated_at: at + index,
    help_center_id: String(10 + index),
    default_address_settings_id: String(13 + index),
  }));

/** Minutes of the week from Monday 0:00, in the schedule's own zone. */
export const officeHoursOf = (at: number, timeZone: string): JsonObject[] => [
  {
    type: 'office_hours_schedule',
    id: '123',
    name: 'Support hours',
    time_zone_name: timeZone,
    time_intervals: Array.from({ length: 5 }, (_, day) => ({
      start_minute: day * 1_440 + 540,
      end_minute: day * 1_440 + 1_020,
      day_of_week: day,
    })),
    twenty_four_seven: false,
    created_at: at,
    updated_at: at,
  },
];

const standard = (model: string, name: string, label: string, type = 'string'): JsonObject => ({
  type: 'data_attribute',
  model,
  name,
  full_name: name,
  label,
  description: label,
  data_type: type,
  api_writable: true,
  messenger_writable: true,
  ui_writable: false,
  custom: false,
  archived: false,
});

const custom = (
  model: string,
  id: number,
  name: string,
  type: string,
  at: number,
  more: JsonObject = {},
): JsonObject => ({
  ...standard(model, name, name, type),
  id,
  full_name: `custom_attributes.${name}`,
  ui_writable: true,
  custom: true,
  created_at: at,
  updated_at: at,
  admin_id: adminId(0),
  ...more,
});

/** Of all models; standard ones have no id (API-FACTS 5.7). */
export const dataAttributesOf = (at: number): JsonObject[] => [
  standard('contact', 'name', 'Name'),
  standard('contact', 'email', 'Email'),
  standard('contact', 'created_at', 'First seen', 'date'),
  custom('contact', 9_101, 'plan', 'string', at, { options: ['free', 'pro', 'enterprise'] }),
  custom('contact', 9_102, 'seats', 'integer', at),
  custom('contact', 9_103, 'old_plan', 'string', at, { archived: true }),
  standard('company', 'name', 'Company name'),
  standard('company', 'company_id', 'Company ID'),
  standard('company', 'last_request_at', 'Company last seen', 'date'),
  custom('company', 9_201, 'region', 'string', at),
  custom('company', 9_202, 'retired', 'boolean', at, { archived: true }),
];

/** Two have the same name: names are not unique (API-FACTS 5.7). */
export const conversationAttributesOf = (at: number): JsonObject[] => {
  const attribute = (id: number, name: string, dataType: string, more: JsonObject = {}): JsonObject => ({
    type: 'conversation_attribute',
    id,
    name,
    description: '',
    data_type: dataType,
    required: false,
    visible_to_team_ids: [],
    archived: false,
    created_at: at,
    updated_at: at,
    admin_id: adminId(0),
    ...more,
  });
  const options = ['free', 'pro'].map((label, index) => ({
    id: `a1b2c3d4-e5f6-7890-abcd-ef123456789${index}`,
    label,
    archived: false,
  }));
  return [
    attribute(1, 'language', 'string', { multiline: false }),
    attribute(2, 'order value', 'decimal'),
    attribute(3, 'Copilot used', 'boolean'),
    attribute(4, 'CX Score rating', 'integer'),
    attribute(5, 'Plan', 'list', { options, visible_to_team_ids: [teamId(TEAM_NAMES.length - 1)] }),
    attribute(6, 'Plan', 'string', { multiline: true }),
    attribute(7, 'Orders', 'relationship', { reference: { type: 'many', object_type_id: 'order' } }),
    attribute(8, 'Due', 'datetime'),
    attribute(9, 'Log', 'files'),
    attribute(10, 'corpus_id', 'string', { multiline: false }),
    attribute(11, 'Old area', 'string', { multiline: false, archived: true }),
  ];
};
