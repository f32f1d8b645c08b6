import { type Description, operationsOf, type Schema } from './description.ts';

/** What the facts add to the description at one place. */
export type Change =
  /** The value may be null. */
  | { readonly kind: 'nullable' }
  /** The value may also be of another type. */
  | { readonly kind: 'also'; readonly schema: Schema }
  /** The object has a property that is not described. */
  | { readonly kind: 'property'; readonly name: string; readonly schema: Schema }
  /** The operation takes a query parameter that is not described. */
  | { readonly kind: 'parameter'; readonly name: string; readonly schema: Schema }
  /** The text need not have the described format. */
  | { readonly kind: 'any format' };

/** A place where the facts and the description's schemas disagree; the facts win. */
export interface Exception {
  /** Whose messages show it: what we send, or what we are answered. */
  readonly side: 'request' | 'answer';
  /** `*`: all operations that reach the schema. */
  readonly operation: string;
  /** Within components.schemas: `conversation/properties/priority`; empty for a parameter. */
  readonly schema: string;
  readonly change: Change;
  /** Where the fact stands. S2.16: in the description itself, in an example. */
  readonly fact: string;
  readonly reason: string;
}

type Because = Pick<Exception, 'fact' | 'reason'>;

const answers = (schema: string, change: Change, because: Because): Exception => ({
  side: 'answer',
  operation: '*',
  schema,
  change,
  ...because,
});

const parameter = (operation: string, name: string, type: string, because: Because): Exception => ({
  side: 'request',
  operation,
  schema: '',
  change: { kind: 'parameter', name, schema: { type } },
  ...because,
});

/** One exception for each of some properties of a schema. */
const each = (schema: string, names: string, change: Change, because: Because): Exception[] =>
  names.split(' ').map((name) => answers(`${schema}/properties/${name}`, change, because));

const added = (schema: string, names: string, type: Schema, because: Because): Exception[] =>
  names.split(' ').map((name) => answers(schema, { kind: 'property', name, schema: type }, because));

const NULLABLE: Change = { kind: 'nullable' };
const TEXT: Schema = { type: 'string', nullable: true };
const VALUES = 'custom_attributes/additionalProperties';
const ATTRIBUTE = '#/components/schemas/ticket_type_attribute';
const COMPANY = '#/components/schemas/company';
const SUB_LIST = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    data: { type: 'array', items: { type: 'object' } },
    url: { type: 'string' },
    total_count: { type: 'integer' },
    has_more: { type: 'boolean' },
  },
} satisfies Schema;

export const EXCEPTIONS: readonly Exception[] = [
  ...['conversation', 'conversation_list_item'].flatMap((schema) => [
    ...each(schema, 'admin_assignee_id team_assignee_id', NULLABLE, {
      fact: 'API-FACTS 6.1',
      reason: 'Nobody is 0 in 2.16, and null in examples of 2.16.',
    }),
    ...added(
      schema,
      'topics ticket',
      { type: 'object', nullable: true },
      {
        fact: 'API-FACTS 6.3',
        reason: 'In every example, in no schema.',
      },
    ),
  ]),
  answers(
    'conversation_part/properties/id',
    { kind: 'also', schema: { type: 'integer' } },
    {
      fact: 'API-FACTS 6.8, 6.15',
      reason: 'Integers in the example of GET /conversations/{id}.',
    },
  ),
  ...each(
    'conversation_statistics',
    'time_to_assignment time_to_admin_reply time_to_first_close time_to_last_close median_time_to_reply ' +
      'first_contact_reply_at first_assignment_at first_admin_reply_at first_close_at last_assignment_at ' +
      'last_assignment_admin_reply_at last_contact_reply_at last_admin_reply_at last_close_at last_closed_by_id',
    NULLABLE,
    { fact: 'API-FACTS 6.4, TRAPS T31', reason: 'What has not happened is null.' },
  ),
  ...each('conversation_rating', 'rating remark created_at updated_at contact teammate', NULLABLE, {
    fact: 'API-FACTS 6.5',
    reason: 'An object of nulls stands for no rating; a rating need not have a remark.',
  }),
  answers('sla_applied/properties/sla_status', NULLABLE, {
    fact: 'API-FACTS 6.6',
    reason: 'An SLA that was removed by hand has no status.',
  }),
  ...['number', 'boolean'].map((type) =>
    answers(
      VALUES,
      { kind: 'also', schema: { type } },
      {
        fact: 'API-FACTS 5.7, 6.15',
        reason: 'Attributes are decimal and boolean, too.',
      },
    ),
  ),
  answers(VALUES, NULLABLE, { fact: 'API-FACTS 6.15', reason: 'An attribute without a value is null.' }),
  answers(
    'starting_after_paging',
    { kind: 'property', name: 'page', schema: { type: 'integer' } },
    {
      fact: 'API-FACTS 3, 15',
      reason: 'pages.next names the next page beside its cursor.',
    },
  ),
  answers(
    'cursor_pages/properties/next',
    { kind: 'also', schema: { type: 'string' } },
    {
      fact: 'API-FACTS 3',
      reason: 'Lists by page number give the next page as a URL.',
    },
  ),
  ...added('contact', 'opted_in_subscription_types opted_out_subscription_types', SUB_LIST, {
    fact: 'API-FACTS 5.3',
    reason: 'Sub-lists that no schema names.',
  }),
  ...added('contact', 'utm_campaign utm_content utm_medium utm_source utm_term referrer', TEXT, {
    fact: 'S2.16 GET /contacts/{id}',
    reason: 'In the example, not in the schema.',
  }),
  ...added('contact_location', 'country_code continent_code', TEXT, {
    fact: 'S2.16 GET /contacts/{id}',
    reason: 'In the example, not in the schema.',
  }),
  ...['contact_tags', 'contact_notes', 'contact_companies', 'contact_social_profiles'].flatMap((schema) =>
    added(
      schema,
      'type',
      { type: 'string' },
      {
        fact: 'S2.16 GET /contacts/{id}',
        reason: 'In the example, not in the schema.',
      },
    ),
  ),
  answers(
    'addressable_list/properties/type',
    { kind: 'any format' },
    {
      fact: 'S2.16 #addressable_list',
      reason: 'Described as a URI; its own example is a word.',
    },
  ),
  answers('ticket/properties/snoozed_until', NULLABLE, {
    fact: 'API-FACTS 6.1',
    reason: 'As that of a conversation: null for one that is not snoozed.',
  }),
  answers(
    'ticket_type',
    { kind: 'property', name: 'is_internal', schema: { type: 'boolean' } },
    { fact: 'S2.16 GET /ticket_types', reason: 'In every example, not in the schema.' },
  ),
  answers('ticket_type_attribute/properties/input_options', NULLABLE, {
    fact: 'S2.16 GET /ticket_types',
    reason: 'Null in examples, for an attribute without options.',
  }),
  answers(
    'ticket_type_attribute_list',
    { kind: 'property', name: 'data', schema: { type: 'array', items: { $ref: ATTRIBUTE } } },
    { fact: 'S2.16 GET /ticket_types', reason: 'The key of the list in every example.' },
  ),
  answers(
    'contact_attached_companies',
    { kind: 'property', name: 'data', schema: { type: 'array', items: { $ref: COMPANY } } },
    { fact: 'S2.16 GET /contacts/{id}/companies', reason: 'The key of the list in the example.' },
  ),
  ...['per_page', 'starting_after'].map((name) =>
    parameter('GET /contacts', name, name === 'per_page' ? 'integer' : 'string', {
      fact: 'API-FACTS 3, 3.2',
      reason: 'Contacts are listed by cursor; the description leaves out how.',
    }),
  ),
  {
    side: 'request',
    operation: 'POST /conversations/search',
    schema: 'search_request',
    change: {
      kind: 'property',
      name: 'sort',
      schema: {
        type: 'object',
        properties: {
          field: { type: 'string' },
          order: { type: 'string', enum: ['ascending', 'descending'] },
        },
      },
    },
    fact: 'API-FACTS 4.7',
    reason: 'Described for contacts only; every connector sends it for conversations.',
  },
];

const schemaAt = (description: Description, path: string): Schema => {
  const found = path
    .split('/')
    .reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key],
      description.components.schemas,
    );
  if (typeof found !== 'object' || found === null) throw new Error(`the description has no ${path}`);
  return found;
};

/** Another schema in the place of this one, which callers hold by reference. */
const become = (schema: Schema, other: Schema): void => {
  for (const key of Object.keys(schema)) delete schema[key as keyof Schema];
  Object.assign(schema, other);
};

const applyOne = (description: Description, { operation, schema: path, change }: Exception): void => {
  if (change.kind === 'parameter') {
    const found = operationsOf(description).get(operation);
    if (found === undefined) throw new Error(`the description has no ${operation}`);
    found.parameters.push({ name: change.name, in: 'query', schema: change.schema });
    return;
  }
  const schema = schemaAt(description, path);
  if (change.kind === 'nullable') schema.nullable = true;
  else if (change.kind === 'any format') delete schema.format;
  else if (change.kind === 'also') become(schema, { anyOf: [{ ...schema }, change.schema] });
  else schema.properties = { ...schema.properties, [change.name]: change.schema };
};

/** Writes exceptions into a description. @throws Error for a place that it does not have */
export const applyExceptions = (description: Description, exceptions: readonly Exception[]): Description => {
  for (const exception of exceptions) applyOne(description, exception);
  return description;
};
