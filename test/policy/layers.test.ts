import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkTree } from '../../scripts/layers/check-tree.ts';
import { ROOMS } from '../../scripts/layers/rooms.ts';
import { createTempDir } from '../support/temp-dir.ts';

type Files = Readonly<Record<string, string>>;

/** A small house in which every import is allowed, some only just. */
const LEGAL: Files = {
  'main.ts': "import { run } from './cli/run.ts';\nimport './errors/app-error.ts';",
  'lib/ids.ts': "import { randomUUID } from 'node:crypto';\nexport const newId = randomUUID;",
  'lib/text/html.ts': "import { decodeHTML } from 'entities';",
  'errors/app-error.ts': "import '../lib/ids.ts';",
  'errors/app-error.test.ts':
    "import { x } from '../storage/sqlite/engine.ts';\nimport { test } from 'vitest';",
  'config/load.ts': 'export const env = process.env;',
  'telemetry/logger.ts': "import pino from 'pino';\nimport '../errors/app-error.ts';",
  'intercom/client.ts': "import type { Logger } from '../telemetry/logger.ts';",
  'cache/memory.ts': "import '../telemetry/logger.ts';",
  'entities/tag/table.ts': 'export interface TagTable {}',
  'entities/tag/mapping.ts': "import './table.ts';\nimport '../../lib/ids.ts';",
  'entities/team/table.ts': 'export interface TeamTable {}',
  'data/schema.ts':
    "import type { TagTable } from '../entities/tag/table.ts';\nimport { sql } from 'kysely';",
  'data/writes/put.ts': "import '../schema.ts';",
  'data/reads/get.ts': "import type { ReadonlyKysely } from 'kysely/readonly';",
  'storage/open-store.ts': "const open = () => import('./sqlite/engine.ts');",
  'storage/sqlite/engine.ts':
    "import { DatabaseSync } from 'node:sqlite';\nnew URL('./worker.ts', import.meta.url);",
  'storage/sqlite/worker.ts': "import '../../data/writes/put.ts';",
  'storage/postgres/engine.ts': "import pg from 'pg';",
  'sandbox/world.ts': "import '../telemetry/logger.ts';",
  'query/search.ts': "import { get } from '../data/reads/get.ts';\nimport '../cache/memory.ts';",
  'mcp/define.ts': "import { McpServer } from '@modelcontextprotocol/server';",
  'mcp/tools/search.ts': "import '../define.ts';\nimport '../../query/search.ts';",
  'mcp/tools/show.ts': "import '../define.ts';",
  'mcp/tools/registry.ts': "import './search.ts';\nimport './show.ts';",
  'http/server.ts': "import { Hono } from 'hono';\nimport '../mcp/define.ts';",
  'http/routes/webhooks.ts': "import '../../sync/run.ts';",
  'http/routes/dashboard.ts': "import '../../query/search.ts';",
  'sync/run.ts': "import '../intercom/client.ts';\nimport '../entities/tag/mapping.ts';",
  'app/open-app.ts': "import '../sync/run.ts';\nimport '../config/load.ts';\nimport '../http/server.ts';",
  'cli/run.ts': "import { Command } from 'commander';\nimport '../app/open-app.ts';",
  'cli/commands/demo-run.ts': "import '../../sandbox/world.ts';\nimport '@modelcontextprotocol/client';",
  'cli/commands/demo-tour.ts': "import { Client } from '@modelcontextprotocol/client';",
};

const DEPENDENCIES = ['entities', 'pino', 'kysely', 'pg', 'hono', 'commander', 'zod', 'left-pad'];

/** file, text, the rule that must name it. */
const VIOLATIONS: readonly (readonly [string, string, string])[] = [
  ['query/a.ts', "import { x } from '../intercom/client.ts';", 'query may not import intercom'],
  ['query/a.ts', "import type { X } from '../sync/run.ts';", 'query may not import sync'],
  [
    'query/a.ts',
    "import { put } from '../data/writes/put.ts';",
    'query may not import data/writes/put.ts from here',
  ],
  ['query/a.ts', "import pg from 'pg';", 'pg may not be imported from here'],
  ['query/a.ts', "import { sql } from 'kysely';", 'kysely may not be imported from here'],
  ['query/a.ts', "import 'node:sqlite';", 'node:sqlite may not be imported from here'],
  ['query/a.ts', "import '../config/load.ts';", 'query may not import config'],
  ['mcp/a.ts', "export type { X } from '../data/schema.ts';", 'mcp may not import data'],
  ['mcp/a.ts', "export * from '../storage/open-store.ts';", 'mcp may not import storage'],
  ['mcp/a.ts', "const x = await import('../intercom/client.ts');", 'mcp may not import intercom'],
  ['mcp/a.ts', 'const x = await import(`../intercom/client.ts`);', 'mcp may not import intercom'],
  ['mcp/a.ts', "type X = import('../data/schema.ts').X;", 'mcp may not import data'],
  [
    'mcp/a.ts',
    "import '@modelcontextprotocol/client';",
    '@modelcontextprotocol/client may not be imported from here',
  ],
  ['mcp/tools/a.ts', "import './search.ts';", 'a tool never imports another tool'],
  ['sync/a.ts', "import '../query/search.ts';", 'sync may not import query'],
  ['sync/a.ts', "new URL('../query/search.ts', import.meta.url);", 'sync may not import query'],
  ['intercom/a.ts', "import '../entities/tag/table.ts';", 'intercom may not import entities'],
  ['entities/team/a.ts', "import '../tag/table.ts';", 'an entity never imports another entity'],
  ['entities/tag/a.ts', "import { sql } from 'kysely';", 'kysely may not be imported from here'],
  [
    'data/a.ts',
    "import '../entities/tag/mapping.ts';",
    'data may not import entities/tag/mapping.ts from here',
  ],
  ['data/a.ts', "import '../storage/open-store.ts';", 'data may not import storage'],
  ['storage/postgres/a.ts', "import '../sqlite/worker.ts';", 'an engine never imports another engine'],
  ['storage/a.ts', "import pg from 'pg';", 'pg may not be imported from here'],
  ['storage/postgres/a.ts', "import '../../query/search.ts';", 'storage may not import query'],
  ['sandbox/a.ts', "import '../intercom/client.ts';", 'sandbox may not import intercom'],
  ['sandbox/a.ts', "import '../data/schema.ts';", 'sandbox may not import data'],
  ['http/a.ts', "import '../query/search.ts';", 'http may not import query/search.ts from here'],
  ['http/a.ts', "import '../sync/run.ts';", 'http may not import sync/run.ts from here'],
  ['app/a.ts', "import '../sandbox/world.ts';", 'app may not import sandbox'],
  ['app/a.ts', "import '../cli/run.ts';", 'app may not import cli'],
  ['app/a.ts', "import { Hono } from 'hono';", 'hono may not be imported from here'],
  [
    'cli/commands/sync.ts',
    "import '../../sandbox/world.ts';",
    'cli may not import sandbox/world.ts from here',
  ],
  ['cli/a.ts', "import '../storage/open-store.ts';", 'cli may not import storage'],
  ['cli/commands/sync.ts', "import '@modelcontextprotocol/client';", '@modelcontextprotocol/client may not'],
  ['telemetry/a.ts', "import '../config/load.ts';", 'telemetry may not import config'],
  ['lib/a.ts', "import '../errors/app-error.ts';", 'lib may not import errors'],
  ['lib/a.ts', 'const level = process.env.LEVEL;', 'only config reads process.env'],
  ['lib/a.ts', "const level = process['env'];", 'only config reads process.env'],
  ['lib/a.ts', 'const level = globalThis.process?.env;', 'only config reads process.env'],
  ['lib/a.ts', 'const { env } = process;', 'only config reads process.env'],
  ['lib/a.ts', "import { env } from 'node:process';", 'only config reads process.env'],
  ['lib/a.ts', "const x = require('pg');", 'an import that cannot be followed'],
  ['lib/a.ts', "const s = process.getBuiltinModule('node:sqlite');", 'an import that cannot be followed'],
  ['lib/a.ts', 'const x = await import(name);', 'an import that cannot be followed'],
  ['lib/a.ts', "import '../../test/support/temp-dir.ts';", 'leaves src/'],
  ['lib/a.ts', "import '../errors/app-error.test.ts';", 'a test may not be imported'],
  ['lib/a.ts', "import 'fs';", 'write node:fs'],
  ['lib/a.ts', "import '#lib/ids';", 'import by relative path'],
  ['lib/a.ts', "import 'left-pad';", 'left-pad has no home'],
  ['lib/a.ts', "import 'right-pad';", 'right-pad is not in devDependencies'],
  ['lib/a.mjs', "import '../errors/app-error.ts';", 'lib may not import errors'],
  ['attic/a.ts', 'export const a = 1;', 'attic is no room'],
  ['stray.ts', 'export const a = 1;', 'stray.ts is no room'],
];

describe('the layer check', () => {
  let temp: Awaited<ReturnType<typeof createTempDir>>;
  let trees = 0;
  beforeAll(async () => {
    temp = await createTempDir();
  });
  afterAll(() => temp.remove());

  const write = (root: string, files: Files): void => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
  };
  const check = (source: Files, others: Files = {}) => {
    const root = join(temp.path, String(trees++));
    mkdirSync(join(root, 'src'), { recursive: true });
    const devDependencies = Object.fromEntries(DEPENDENCIES.map((name) => [name, '1.0.0']));
    write(root, { 'package.json': JSON.stringify({ devDependencies }), ...others });
    write(join(root, 'src'), source);
    return checkTree(root);
  };

  test('accepts what the table allows', () => {
    const report = check(LEGAL);
    expect(report.violations).toEqual([]);
    // All but the test beside the source.
    expect(report.modules).toBe(Object.keys(LEGAL).length - 1);
  });

  test.each(VIOLATIONS)('sees %s: %s', (file, text, rule) => {
    const { violations } = check({ ...LEGAL, [file]: `export const first = 1;\n${text}` });
    expect(violations).toHaveLength(1);
    expect(violations[0]?.rule).toContain(rule);
    expect(violations[0]?.at).toMatch(new RegExp(`^src/${file.replaceAll('.', '\\.')}(:2)?$`));
  });

  test('sees a cycle, also one of types, and not one on demand', () => {
    const cycle = { 'lib/a.ts': "import './b.ts';", 'lib/b.ts': "export type { C } from './c.ts';" };
    const { violations } = check({ ...LEGAL, ...cycle, 'lib/c.ts': "import type { A } from './a.ts';" });
    expect(violations.map(({ rule }) => rule)).toEqual([expect.stringContaining('a cycle of imports')]);
    for (const file of ['lib/a.ts', 'lib/b.ts', 'lib/c.ts']) expect(violations[0]?.rule).toContain(file);
    expect(check({ ...LEGAL, ...cycle, 'lib/c.ts': "const a = () => import('./a.ts');" }).violations).toEqual(
      [],
    );
  });

  test('sees an end-to-end test that reaches into src/', () => {
    const { violations } = check(LEGAL, {
      'test/e2e/a.test.ts': "import { x } from '../../src/app/open-app.ts';",
    });
    expect(violations).toEqual([
      { at: 'test/e2e/a.test.ts:1', rule: 'an end-to-end test uses only the built command' },
    ]);
  });

  test('fails when it read no modules, or too few to be the house', () => {
    expect(check({}).violations.map(({ rule }) => rule)).toEqual(['read 0 modules, expected at least 20']);
    expect(check({ 'lib/ids.ts': '' }).violations).toHaveLength(1);
  });

  test('stops at a module that is not TypeScript', () => {
    expect(() => check({ ...LEGAL, 'lib/a.ts': 'import {' })).toThrow('lib/a.ts');
  });

  test('has a row for every room of the house', () => {
    const rooms =
      'lib errors config telemetry intercom cache entities data storage sandbox query mcp http sync app cli main';
    expect(Object.keys(ROOMS).sort()).toEqual(rooms.split(' ').sort());
  });

  test('finds nothing to report in this repository', () => {
    expect(checkTree(join(import.meta.dirname, '../..')).violations).toEqual([]);
  });
});
