import { readFileSync } from 'node:fs';
import { TRIMMED_FILE } from '../../scripts/openapi/trim.ts';

/** A schema of OpenAPI 3.0, as far as the description uses it. */
export interface Schema {
  $ref?: string;
  type?: string;
  nullable?: boolean;
  format?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  maximum?: number;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}

interface Body {
  content: { 'application/json': { schema: Schema } };
}

export interface OperationObject {
  parameters: Parameter[];
  requestBody?: Body;
  responses: Record<string, Partial<Body>>;
}

export interface Description {
  info: { version: string };
  'x-source': Record<string, string>;
  paths: Record<string, Record<string, OperationObject>>;
  components: { schemas: Record<string, Schema> };
}

const text = readFileSync(TRIMMED_FILE, 'utf8');

/** A copy of its own for each caller: exceptions are written into it. */
export const readDescription = (): Description => JSON.parse(text) as Description;

/** By `METHOD /path/{with_names}`. */
export const operationsOf = ({ paths }: Description): Map<string, OperationObject> =>
  new Map(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(
        ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
      ),
    ),
  );
