/**
 * Makes test/openapi/intercom-2.16.json: of Intercom's OpenAPI description, the operations that we call or simulate, with
 * the schemas that they reach, and without prose.
 *
 *   npm run openapi                    from the folder with shared test material
 *   npm run openapi -- FILE.yaml       from this file
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { sharedDir } from '../../test/support/shared-dir.ts';
import { OPERATIONS } from './operations.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type JsonMap = { [key: string]: Json };

/** Where the result stands, and where the description lies in the folder with shared test material. */
export const TRIMMED_FILE = join(import.meta.dirname, '../../test/openapi/intercom-2.16.json');
export const DESCRIPTION_FILE = 'intercom/openapi-2.16.yaml';

const PROSE = new Set([
  'description',
  'summary',
  'title',
  'example',
  'examples',
  'externalDocs',
  'tags',
  'security',
]);
/** Keys of these objects are names, not keywords. */
const NAMED = new Set(['properties', 'schemas', 'responses', 'content', 'headers', 'paths']);
const SCHEMA_REF = '#/components/schemas/';
const RESPONSE_REF = '#/components/responses/';

const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapAt = (value: Json | undefined, key: string): JsonMap => {
  const found = isMap(value) ? value[key] : undefined;
  if (!isMap(found)) throw new Error(`the description has no ${key}`);
  return found;
};

/** Leaves out prose and extensions, at every depth. */
const withoutProse = (value: Json, parent = ''): Json => {
  if (Array.isArray(value)) return value.map((item) => withoutProse(item));
  if (!isMap(value)) return value;
  const kept = Object.entries(value).filter(
    ([key]) => NAMED.has(parent) || !(PROSE.has(key) || key.startsWith('x-')),
  );
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutProse(item, key)]));
};

/** Names of the schemas that a value refers to, directly. */
const refsIn = (value: Json): string[] => {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (!isMap(value)) return [];
  const own = typeof value.$ref === 'string' ? [value.$ref.slice(SCHEMA_REF.length)] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
};

const reachedFrom = (start: Json, schemas: JsonMap): JsonMap => {
  const reached = new Map<string, Json>();
  const waiting = refsIn(start);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    const schema = withoutProse(mapAt(schemas, name));
    reached.set(name, schema);
    waiting.push(...refsIn(schema));
  }
  return Object.fromEntries([...reached].sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** An operation with the answers that it shares with others written out. */
const withResponses = (operation: JsonMap, shared: JsonMap): JsonMap => ({
  ...operation,
  responses: Object.fromEntries(
    Object.entries(mapAt(operation, 'responses')).map(([status, response]) => {
      const ref = isMap(response) ? response.$ref : undefined;
      return [status, typeof ref === 'string' ? mapAt(shared, ref.slice(RESPONSE_REF.length)) : response];
    }),
  ),
});

const pathsOf = (paths: JsonMap, shared: JsonMap): JsonMap => {
  const kept: JsonMap = {};
  for (const operation of OPERATIONS) {
    const [method = '', path = ''] = operation.split(' ');
    const item = { ...(kept[path] as JsonMap | undefined) };
    item[method.toLowerCase()] = withoutProse(
      withResponses(mapAt(mapAt(paths, path), method.toLowerCase()), shared),
    );
    kept[path] = item;
  }
  return kept;
};

/** @param yaml the whole description @returns the trimmed one as the text of its file */
export const trimDescription = (yaml: string): string => {
  const whole = parse(yaml, { maxAliasCount: -1 }) as JsonMap;
  const info = mapAt(whole, 'info');
  const { version } = info;
  if (typeof version !== 'string') throw new Error('the description has no version');
  const components = mapAt(whole, 'components');
  const paths = pathsOf(mapAt(whole, 'paths'), mapAt(components, 'responses'));
  const trimmed = {
    openapi: whole.openapi,
    info: { title: info.title, version, license: withoutProse(info.license ?? null) },
    'x-source': {
      repository: 'intercom/Intercom-OpenAPI',
      file: `descriptions/${version}/api.intercom.io.yaml`,
      version,
      license: 'MIT, see NOTICE.md',
      changes: 'Cut to some operations and the schemas they reach; prose and examples left out.',
      made_by: 'npm run openapi',
    },
    paths,
    components: { schemas: reachedFrom(paths, mapAt(components, 'schemas')) },
  };
  return `${JSON.stringify(trimmed, null, 1)}\n`;
};

const sourceFile = (): string => {
  const [given] = process.argv.slice(2);
  if (given !== undefined) return given;
  const shared = sharedDir();
  if (shared === undefined) throw new Error('no shared folder: name the description as an argument');
  return join(shared, DESCRIPTION_FILE);
};

if (import.meta.main) {
  const text = trimDescription(readFileSync(sourceFile(), 'utf8'));
  writeFileSync(TRIMMED_FILE, text);
  process.stderr.write(`${TRIMMED_FILE}: ${Math.ceil(text.length / 1024)} KiB\n`);
}
