import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpServerProcess, startHttpServe } from '../support/mcp.ts';
import { createMirror, type Mirror } from '../support/mirrored.ts';
import { createTempDir } from '../support/temp-dir.ts';

/** The protocol's own suite: scenarios for every server, each in the revisions that it is made for. */
const SCENARIOS: readonly (readonly [string, readonly string[]])[] = [
  ['server-initialize', ['2025-06-18', '2025-11-25']],
  ['ping', ['2025-06-18', '2025-11-25']],
  ['tools-list', ['2025-06-18', '2025-11-25', '2026-07-28']],
  ['resources-list', ['2025-06-18', '2025-11-25', '2026-07-28']],
  ['prompts-list', ['2025-06-18', '2025-11-25', '2026-07-28']],
  ['dns-rebinding-protection', ['2025-11-25', '2026-07-28']],
  ['server-stateless', ['2026-07-28']],
  ['caching', ['2026-07-28']],
  ['http-header-validation', ['2026-07-28']],
  ['sep-2164-resource-not-found', ['2026-07-28']],
];

/** Checks that look at a tool which only a server made for the suite has; the suite says so of itself ("untestable"). */
const NEED_A_TEST_TOOL: readonly string[] = [
  'sep-2575-http-server-no-independent-requests-on-stream',
  'sep-2575-missing-capability-http-400',
  'sep-2575-server-no-log-without-loglevel',
  'sep-2575-server-rejects-undeclared-capability',
];

interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
  readonly details?: { readonly untestable?: boolean };
}

const manifest = createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json');
const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { conformance: string } };
const program = join(dirname(manifest), bin.conformance);

describe('the conformance suite of the protocol', () => {
  let mirror: Mirror;
  let server: HttpServerProcess;
  let folder: Awaited<ReturnType<typeof createTempDir>>;

  beforeAll(async () => {
    folder = await createTempDir();
    mirror = await createMirror('sqlite', 30);
    server = await startHttpServe(['--no-sync'], mirror.env);
  });
  afterAll(async () => {
    await server.process.stop();
    await mirror.drop();
    await folder.remove();
  });

  const run = async (scenario: string, revision: string): Promise<readonly Check[]> => {
    const out = join(folder.path, `${scenario}-${revision}`);
    const args = [
      'server',
      '--url',
      `${server.url}/mcp`,
      '--scenario',
      scenario,
      '--spec-version',
      revision,
      '-o',
      out,
    ];
    const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore' });
    await new Promise((resolve) => child.once('close', resolve));
    const [only, ...others] = readdirSync(out);
    expect(others).toEqual([]);
    return JSON.parse(readFileSync(join(out, only ?? '', 'checks.json'), 'utf8')) as readonly Check[];
  };

  it.each(
    SCENARIOS.flatMap(([scenario, revisions]) => revisions.map((revision) => [scenario, revision] as const)),
  )('%s, %s', async (scenario, revision) => {
    const checks = await run(scenario, revision);
    expect(checks.length).toBeGreaterThan(0);
    const failed = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING');
    const ours = failed.filter(
      ({ details, id }) => !(details?.untestable === true && NEED_A_TEST_TOOL.includes(id)),
    );
    expect(ours.map(({ errorMessage, id }) => `${id}: ${errorMessage}`)).toEqual([]);
    expect(failed.length - ours.length).toBe(scenario === 'server-stateless' ? NEED_A_TEST_TOOL.length : 0);
  });
});
