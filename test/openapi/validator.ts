import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import {
  type Description,
  operationsOf,
  type OperationObject,
  readDescription,
  type Schema,
} from './description.ts';
import { applyExceptions, type Exception } from './exceptions.ts';
import { createConverter, DEFINITIONS_ID, FORMATS } from './json-schema.ts';

export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `{}` for none. */
  readonly body: unknown;
}

export interface Validator {
  /** Operation of a method and path; undefined for one that the description does not hold. */
  operationOf(method: string, path: string): string | undefined;
  /** What is wrong with an answer; empty when nothing is. */
  answer(operation: string, status: number, body: unknown): string[];
  /** What is wrong with a request; empty when nothing is. */
  request(sent: SentRequest): string[];
}

/** Errors may come from any operation, also where the description does not list them (API-FACTS 1.8). */
const ERROR: Schema = { $ref: '#/components/schemas/error' };

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '([^/]+)')}$`);

/** Places in arrays are left out, so that one fault is one message. */
const messageOf = ({ instancePath, message, params }: ErrorObject): string => {
  const place = instancePath.replaceAll(/\/\d+(?=\/|$)/g, '/*');
  const extra = (params as { additionalProperty?: string }).additionalProperty;
  return `${place || '/'} ${message ?? ''}${extra === undefined ? '' : `: ${extra}`}`;
};

/** Values of a path or a query are text; a number or a truth value is read as its schema wants it. */
const readText = (value: string, { type }: Schema): unknown => {
  if (type === 'integer' && /^-?\d+$/.test(value)) return Number(value);
  return type === 'boolean' && /^(true|false)$/.test(value) ? value === 'true' : value;
};

const parametersSchema = (operation: OperationObject, place: string): Schema => {
  const listed = operation.parameters.filter((parameter) => parameter.in === place);
  return {
    type: 'object',
    properties: Object.fromEntries(listed.map(({ name, schema }) => [name, schema])),
    required: listed.filter(({ required }) => required).map(({ name }) => name),
  };
};

const headerFaults = ({ headers, body }: SentRequest, version: string): string[] => {
  const hasBody = Object.keys(body ?? {}).length > 0;
  return [
    headers['intercom-version'] === version ? undefined : `Intercom-Version is not ${version}`,
    /^Bearer \S+$/.test(headers.authorization ?? '') ? undefined : 'Authorization is no Bearer token',
    /\bapplication\/json\b/.test(headers.accept ?? '') ? undefined : 'Accept is not application/json',
    hasBody && !/^application\/json\b/.test(headers['content-type'] ?? '')
      ? 'Content-Type is not application/json'
      : undefined,
  ].filter((fault) => fault !== undefined);
};

/** Compiles the description, changed by exceptions, into checks of requests and answers. */
export const createValidator = (exceptions: readonly Exception[]): Validator => {
  const description: Description = applyExceptions(readDescription(), exceptions);
  const { convert, definitions } = createConverter(description.components.schemas);
  const ajv = new Ajv({ allErrors: true, strict: false, formats: FORMATS });
  ajv.addSchema({ $id: DEFINITIONS_ID, definitions: definitions() });
  const compiled = new Map<string, ValidateFunction>();
  const operations = operationsOf(description);
  const patterns = [...operations.keys()].map((name) => {
    const [method = '', path = ''] = name.split(' ');
    return { name, method, path, pattern: patternOf(path) };
  });

  const check = (key: string, schema: Schema, value: unknown): string[] => {
    const validate = compiled.get(key) ?? ajv.compile(convert(schema));
    compiled.set(key, validate);
    return validate(value) ? [] : [...new Set((validate.errors ?? []).map(messageOf))];
  };
  const matchOf = (method: string, path: string) => {
    const fitting = patterns.filter((each) => each.method === method && each.pattern.test(path));
    return fitting.find((each) => each.path === path) ?? fitting[0];
  };
  const pathValues = (operation: OperationObject, pattern: RegExp, path: string): Record<string, unknown> => {
    const values = pattern.exec(path)?.slice(1) ?? [];
    const named = operation.parameters.filter((parameter) => parameter.in === 'path');
    return Object.fromEntries(
      named.map(({ name, schema }, index) => [
        name,
        readText(decodeURIComponent(values[index] ?? ''), schema),
      ]),
    );
  };
  const queryValues = (operation: OperationObject, query: URLSearchParams): Record<string, unknown> => {
    const schemas = new Map(operation.parameters.map(({ name, schema }) => [name, schema]));
    return Object.fromEntries(
      [...query].map(([name, value]) => [name, readText(value, schemas.get(name) ?? {})]),
    );
  };

  return {
    operationOf: (method, path) => matchOf(method, path)?.name,
    answer(name, status, body) {
      const listed = operations.get(name)?.responses[String(status)]?.content?.['application/json'].schema;
      if (listed === undefined && status < 400) return [`${name} has no answer ${status}`];
      return check(`${name} ${status}`, listed ?? ERROR, body).map((fault) => `${name} ${status}: ${fault}`);
    },
    request(sent) {
      const { method, path, query, body } = sent;
      const match = matchOf(method, path);
      const operation = match && operations.get(match.name);
      if (match === undefined || operation === undefined) return [`${method} ${path}: unknown operation`];
      const schema = operation.requestBody?.content['application/json'].schema;
      const faults = [
        ...headerFaults(sent, description.info.version),
        ...check(
          `${match.name} path`,
          parametersSchema(operation, 'path'),
          pathValues(operation, match.pattern, path),
        ),
        ...check(`${match.name} query`, parametersSchema(operation, 'query'), queryValues(operation, query)),
        ...(schema ? check(`${match.name} body`, schema, body) : bodyFaults(body)),
      ];
      return faults.map((fault) => `${match.name}: ${fault}`);
    },
  };
};

const bodyFaults = (body: unknown): string[] =>
  Object.keys(body ?? {}).length === 0 ? [] : ['carries a body, and none is described'];
