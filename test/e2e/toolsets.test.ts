import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { connectClient, connectStdio, type ServedClient, startHttpServe } from '../support/mcp.ts';
import { createTempDir } from '../support/temp-dir.ts';

const WORKSPACE = ['describe_workspace', 'get_sync_status', 'sync_now'];

describe('the settings that choose tools', () => {
  let dir: Awaited<ReturnType<typeof createTempDir>>;
  let env: Record<string, string>;

  beforeAll(async () => {
    dir = await createTempDir();
    env = { DATABASE_URL: `sqlite:${join(dir.path, 'mirror.db')}`, HOME: dir.path };
  });
  afterAll(() => dir.remove());

  const namesOf = async (client: ServedClient): Promise<string[]> =>
    (await client.listTools()).map(({ name }) => name);

  /** What is not listed cannot be called: the answer says how to have it. */
  const expectOff = async (client: ServedClient, name: string, toolset: string): Promise<void> => {
    expect(await namesOf(client)).not.toContain(name);
    await expect(client.call(name, { id: '1' })).rejects.toThrow(
      new RegExp(`"${name}" is not enabled.*--toolsets default,${toolset}.*FAST_INTERCOM_TOOLSETS`),
    );
  };

  it('hold over stdio, as flags and as variables', async () => {
    const client = await connectStdio(['--no-sync', '--tools', 'get_sync_status'], {
      ...env,
      FAST_INTERCOM_TOOLSETS: 'conversations',
      FAST_INTERCOM_EXCLUDE_TOOLS: 'find_similar_conversations',
    });
    try {
      expect(await namesOf(client)).toEqual(['search_conversations', 'get_conversation', 'get_sync_status']);
      expect((await client.call('get_sync_status')).isError).toBe(false);
      await expectOff(client, 'find_similar_conversations', 'conversations');
      await expectOff(client, 'sync_now', 'workspace');
      await expect(client.call('search_conversation')).rejects.toThrow(/nearest is "search_conversations"/);
    } finally {
      await client.close();
    }
  });

  it('hold over HTTP, for every caller', async () => {
    const server = await startHttpServe(['--no-sync', '--toolsets', 'workspace'], env);
    try {
      for (const name of ['v2 client, 2026-07-28', 'v1 client, 2025-11-25'] as const) {
        const client = await connectClient(name, { url: `${server.url}/mcp` });
        expect(await namesOf(client)).toEqual(WORKSPACE);
        await expectOff(client, 'get_conversation', 'conversations');
        await client.close();
      }
    } finally {
      await server.process.stop();
    }
  });

  it.each([
    [
      ['--toolsets', 'conversation'],
      /--toolsets: .*nearest is "conversations".*\n.*conversations, .*workspace/,
    ],
    [['--http', '--port', '0', '--exclude-tools', 'sync'], /--exclude-tools: .*\n.*get_conversation, /],
  ])('are refused with all names that there are: %o', async (flags, words) => {
    const refused = await runCli(['serve', '--no-sync', ...flags], { env });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^error CONFIG_INVALID: /);
    expect(refused.stderr).toMatch(words);
  });
});
