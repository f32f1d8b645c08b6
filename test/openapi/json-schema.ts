import type { Schema } from './description.ts';

/** A schema as ajv reads it. */
export type JsonSchema = Record<string, unknown>;

/** Formats that are checked; the others of the description say nothing about JSON (`date-time` on integers). */
export const FORMATS = {
  uuid: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/,
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
  // Sub-lists of a contact name their place without a host, in Intercom's own examples too.
  uri: /^(?:https?:\/)?\/\S+$/,
} as const;

/** Id of the one schema that holds all others, so that each is compiled once. */
export const DEFINITIONS_ID = 'description';

const refTo = (ref: string): string =>
  ref.replace('#/components/schemas/', `${DEFINITIONS_ID}#/definitions/`);

const mapValues = (schemas: Readonly<Record<string, Schema>>, convert: (schema: Schema) => JsonSchema) =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, convert(schema)]));

/**
 * Converts schemas of OpenAPI 3.0 to JSON Schema: `nullable` becomes a type of its own (also beside `$ref`, where 3.0 would
 * ignore it and Intercom means it), `allOf` is written out, and an object with properties allows no others: the description
 * leaves that open, and a misspelt field would pass.
 */
export const createConverter = (schemas: Readonly<Record<string, Schema>>) => {
  const resolve = (schema: Schema): Schema => {
    if (schema.$ref === undefined) return schema;
    const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
    const found = schemas[name];
    if (found === undefined) throw new Error(`the description has no schema ${name}`);
    return found;
  };
  const writtenOut = ({ allOf = [], ...own }: Schema): Schema => {
    const parents = allOf.map(resolve);
    return {
      ...Object.assign({}, ...parents),
      ...own,
      properties: Object.assign({}, ...[...parents, own].map(({ properties }) => properties)) as Record<
        string,
        Schema
      >,
    };
  };
  const scalar = (schema: Schema): JsonSchema => {
    const type = schema.type ?? (schema.properties ? 'object' : undefined);
    const types = type !== undefined && schema.nullable ? [type, 'null'] : type;
    const values = schema.enum && (schema.nullable ? [...new Set([...schema.enum, null])] : schema.enum);
    return {
      ...(types === undefined ? {} : { type: types }),
      ...(values ? { enum: values } : {}),
      ...(type === 'string' && schema.format && schema.format in FORMATS ? { format: schema.format } : {}),
      ...(schema.maximum === undefined ? {} : { maximum: schema.maximum }),
      ...(schema.required ? { required: schema.required } : {}),
    };
  };
  const convert = (schema: Schema): JsonSchema => {
    if (schema.$ref !== undefined) {
      const ref = { $ref: refTo(schema.$ref) };
      return schema.nullable ? { anyOf: [ref, { type: 'null' }] } : ref;
    }
    if (schema.allOf) return convert(writtenOut(schema));
    const { properties, additionalProperties, items, anyOf, oneOf } = schema;
    return {
      ...scalar(schema),
      ...(properties ? { properties: mapValues(properties, convert), additionalProperties: false } : {}),
      ...(typeof additionalProperties === 'object'
        ? { additionalProperties: convert(additionalProperties) }
        : {}),
      ...(items ? { items: convert(items) } : {}),
      ...(anyOf ? { anyOf: [...anyOf.map(convert), ...(schema.nullable ? [{ type: 'null' }] : [])] } : {}),
      ...(oneOf ? { oneOf: oneOf.map(convert) } : {}),
    };
  };
  return { convert, definitions: () => mapValues(schemas, convert) };
};
