import type { JsonObject, JsonValue } from '../world.ts';

interface StateFacts {
  readonly id: string;
  readonly category: string;
  readonly internal: string;
  readonly external: string;
  readonly archived?: boolean;
}

const STATES: readonly StateFacts[] = [
  { id: '8321', category: 'submitted', internal: 'Submitted', external: 'Submitted' },
  { id: '8322', category: 'in_progress', internal: 'In progress', external: 'In progress' },
  {
    id: '8323',
    category: 'waiting_on_customer',
    internal: 'Waiting on customer',
    external: 'Waiting on you',
  },
  { id: '8324', category: 'resolved', internal: 'Resolved', external: 'Resolved' },
  { id: '8325', category: 'in_progress', internal: 'With the vendor', external: 'In progress' },
  { id: '8326', category: 'resolved', internal: 'Won’t fix', external: 'Resolved', archived: true },
];

const stateOf = ({ id, category, internal, external }: StateFacts): JsonObject => ({
  type: 'ticket_state',
  id,
  category,
  internal_label: internal,
  external_label: external,
});

/** A state as a ticket carries it. Four categories have one each; the others are further states. */
export const ticketState = (index: number): JsonObject => stateOf(STATES[index] ?? (STATES[0] as StateFacts));

interface AttributeFacts {
  readonly name: string;
  readonly data_type: string;
  readonly input_options?: JsonValue;
  readonly archived?: boolean;
}

interface TypeFacts {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly icon: string;
  readonly archived?: boolean;
  readonly attributes: readonly AttributeFacts[];
}

const DEFAULTS: readonly AttributeFacts[] = [
  { name: '_default_title_', data_type: 'string', input_options: { multiline: false } },
  { name: '_default_description_', data_type: 'string', input_options: { multiline: true } },
];
const SEVERITIES = {
  list_options: ['Low', 'Medium', 'High'].map((label, id) => ({ id: String(id), label })),
};

const TYPES: readonly TypeFacts[] = [
  {
    id: 67,
    name: 'Bug report',
    category: 'Customer',
    icon: '🎟️',
    attributes: [
      ...DEFAULTS,
      { name: 'Severity', data_type: 'list', input_options: SEVERITIES },
      { name: 'Reproducible', data_type: 'boolean', input_options: null },
      { name: 'Log file', data_type: 'files', input_options: null },
      { name: 'Old priority', data_type: 'string', input_options: { multiline: false }, archived: true },
    ],
  },
  {
    id: 68,
    name: 'Refund review',
    category: 'Back-office',
    icon: '💶',
    attributes: [
      ...DEFAULTS,
      { name: 'Amount', data_type: 'decimal', input_options: null },
      { name: 'Due', data_type: 'datetime', input_options: null },
    ],
  },
  {
    id: 69,
    name: 'Incident',
    category: 'Tracker',
    icon: '🔥',
    attributes: [...DEFAULTS, { name: 'Affected users', data_type: 'integer', input_options: null }],
  },
  { id: 70, name: 'Old request', category: 'Customer', icon: '📦', archived: true, attributes: DEFAULTS },
];

/** Types that tickets of the world have: the first ones. */
export const USED_TYPES = 3;

const attributeOf = (
  type: TypeFacts,
  facts: AttributeFacts,
  order: number,
  workspace: Workspace,
): JsonObject => ({
  type: 'ticket_type_attribute',
  id: String(type.id * 10 + order),
  workspace_id: workspace.id,
  name: facts.name,
  description: '',
  data_type: facts.data_type,
  input_options: facts.input_options ?? null,
  order,
  required_to_create: order === 0,
  required_to_create_for_contacts: false,
  visible_on_create: true,
  visible_to_contacts: order < 2,
  default: order < 2,
  ticket_type_id: type.id,
  archived: facts.archived ?? false,
  created_at: workspace.createdAt,
  updated_at: workspace.createdAt,
});

export interface Workspace {
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** A type as a ticket carries it: without its states. */
const typeOf = (facts: TypeFacts, workspace: Workspace): JsonObject => ({
  type: 'ticket_type',
  id: String(facts.id),
  category: facts.category,
  name: facts.name,
  description: `${facts.name} form`,
  icon: facts.icon,
  workspace_id: workspace.id,
  archived: facts.archived ?? false,
  created_at: workspace.createdAt,
  updated_at: workspace.createdAt,
  is_internal: facts.category !== 'Customer',
  ticket_type_attributes: {
    type: 'list',
    data: facts.attributes.map((attribute, order) => attributeOf(facts, attribute, order, workspace)),
  },
});

/** GET /ticket_types: archived ones, too, with archived attributes and the states that they can have. */
export const ticketTypesOf = (workspace: Workspace): JsonObject[] =>
  TYPES.map((facts) => ({
    ...typeOf(facts, workspace),
    ticket_states: {
      type: 'list',
      data: STATES.filter(({ archived }) => !archived).map(stateOf),
    },
  }));

/** GET /ticket_states, each with the types that have it. */
export const ticketStatesOf = (): JsonObject[] =>
  STATES.map((facts) => ({
    ...stateOf(facts),
    archived: facts.archived ?? false,
    ticket_types: {
      type: 'list',
      data: TYPES.map(({ id, name, icon, category, archived }) => ({
        type: 'ticket_type',
        id: String(id),
        name,
        description: `${name} form`,
        icon,
        archived: archived ?? false,
        is_internal: category !== 'Customer',
        category,
      })),
    },
  }));
