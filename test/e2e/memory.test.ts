import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCli, startSandboxProcess } from '../support/cli.ts';
import { createTempDir } from '../support/temp-dir.ts';

/** What bounds the memory of a syncing process has to be in place before the process does anything (ADR 0010). */
describe.runIf(process.platform === 'linux')('a process that syncs', () => {
  let dir: Awaited<ReturnType<typeof createTempDir>>;
  beforeAll(async () => {
    dir = await createTempDir();
  });
  afterAll(() => dir.remove());

  const environmentOf = (pid: number): Record<string, string> =>
    Object.fromEntries(
      readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );

  it.each([
    [{}, '2'],
    [{ MALLOC_ARENA_MAX: '7' }, '7'],
  ])('has few heaps, unless told otherwise: %j', async (own, expected) => {
    const env = { HOME: dir.path, FAST_INTERCOM_DATA_DIR: dir.path, ...own };
    const serve = startCli(['serve', '--http', '--port', '0', '--no-sync'], { env });
    await expect.poll(() => serve.stderr(), { timeout: 20_000 }).toContain('http://');
    const pid = serve.child.pid as number;
    expect(environmentOf(pid)).toMatchObject({ HOME: dir.path, MALLOC_ARENA_MAX: expected });
    expect(await serve.stop()).toMatchObject({ code: 0 });
  });

  it('another command starts once', async () => {
    const sandbox = await startSandboxProcess(['--conversations', '1'], { env: { HOME: dir.path } });
    expect(environmentOf(sandbox.process.child.pid as number)).not.toHaveProperty('MALLOC_ARENA_MAX');
    await sandbox.stop();
  });
});
