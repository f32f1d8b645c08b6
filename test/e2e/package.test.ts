import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanEnv } from '../support/cli.ts';
import { createTempDir } from '../support/temp-dir.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

/** What a user installs: the packed package, with no node_modules anywhere above it. */
describe('the package', () => {
  let dir: Awaited<ReturnType<typeof createTempDir>>;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    dir = await createTempDir();
    env = cleanEnv({ HOME: dir.path, TMPDIR: dir.path });
    const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', dir.path];
    const { stdout } = await run('npm', pack, { cwd: ROOT, env });
    await run('tar', ['-xzf', join(dir.path, stdout.trim()), '-C', dir.path]);
    folder = join(dir.path, 'package');
  });
  afterAll(() => dir.remove());

  const runIt = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, [join(folder, 'dist/main.js'), ...args], { env: { ...env, ...more } });

  it('depends on nothing', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object;
    expect(manifest).not.toHaveProperty('dependencies');
  });

  it('works alone: sandbox, sync and MCP server', async () => {
    expect((await runIt(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await runIt(['demo', '--once'])).stdout).toMatch(/800 conversations with every message/);
  });

  it('reaches PostgreSQL: an address where nothing listens is named as such', async () => {
    const failed = runIt(['status'], { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' });
    await expect(failed).rejects.toMatchObject({ stderr: expect.stringContaining('STORE_UNREACHABLE') });
  });

  it('carries the licence of each library in it, and nothing of the tests', () => {
    const licences = readFileSync(join(folder, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of ['@modelcontextprotocol/server', 'commander', 'hono', 'kysely', 'pg', 'pino', 'zod'])
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|Apache-2\\.0)\\)$`, 'm'));
    expect(licences.match(/Permission is hereby granted|Apache License/g)?.length).toBeGreaterThan(20);
    expect(readdirSync(folder).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist',
      'package.json',
    ]);
    // A file of the program is a module, not a copy of the source tree.
    expect(readdirSync(join(folder, 'dist')).length).toBeLessThan(40);
  });
});
