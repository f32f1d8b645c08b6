import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, runCli, startCli } from '../support/cli.ts';
import { connectClient } from '../support/mcp.ts';
import { createTempDir } from '../support/temp-dir.ts';

/** The README's promise for sync and tour together. */
const MOST_MS = 20_000;
const WIDTH = 100;

describe('demo', () => {
  let dir: Awaited<ReturnType<typeof createTempDir>>;
  let env: Record<string, string>;
  let once: CliResult;
  let onceMs: number;

  beforeAll(async () => {
    dir = await createTempDir();
    env = { HOME: dir.path, TMPDIR: dir.path };
    const started = performance.now();
    once = await runCli(['demo', '--once'], { env });
    onceMs = performance.now() - started;
  });
  afterAll(() => dir.remove());

  const leftOver = (): string[] =>
    readdirSync(dir.path).filter((name) => name.startsWith('fast-intercom-demo-'));

  it('--once: syncs, asks, and ends with 0 in time', () => {
    const { code, stdout, stderr } = once;
    expect(code, stderr).toBe(0);
    expect(onceMs).toBeLessThan(MOST_MS);
    expect(stderr).toMatch(/done: 800 of 800 conversations · \d+ contacts · \d+ requests/);
    expect(stdout).toMatch(/800 conversations with every message .*: \d[\d.]* m?s, \d+ API requests\./);
    for (const line of `${stdout}${stderr}`.split('\n')) expect(line.length, line).toBeLessThanOrEqual(WIDTH);
    expect(leftOver()).toEqual([]);
  });

  it('--once: each question stands with its call, its time and an answer that fits', () => {
    const { stdout } = once;
    const [, ...asked] = stdout.split(/^(?=\d\. )/m);
    expect(asked).toHaveLength(7);
    for (const [index, block] of asked.entries()) {
      const [question, call, ...answer] = block.split('\n');
      expect(question).toMatch(new RegExp(`^${index + 1}\\. [A-Z].*[?.)]$`));
      expect(call).toMatch(/^ {3}\d+\.\d ms · (get_sync_status|search_conversations|get_conversation) \{/);
      expect(answer.filter((line) => line !== '').length).toBeGreaterThan(1);
      expect(block).not.toMatch(/<\/?untrusted>|\b0 conversations|undefined|null/);
    }
    expect(asked[0]).toContain('800 of 800 conversations have their whole thread; nothing is missing.');
    expect(asked[1]?.match(/refund/gi)?.length).toBeGreaterThan(4);
    expect(asked[2]?.match(/charged twice/g)?.length).toBe(5);
    const days = [...(asked[2]?.matchAll(/• (\d{4}-\d{2}-\d{2} \d{2}:\d{2}) UTC/g) ?? [])].map(
      ([, day]) => day,
    );
    expect(days).toHaveLength(3);
    for (const [index, day = ''] of days.entries()) expect(day <= (days[index - 1] ?? day)).toBe(true);
    expect(asked[3]?.match(/UTC · open/g)?.length).toBe(3);
    expect(asked[4]?.match(/退款/g)?.length).toBeGreaterThan(4);
    expect(asked[5]).toMatch(/• 2026-\d\d-\d\d .*#incident/);
    expect(Number(/Conversation \d+, \w+, (\d+) messages:/.exec(asked[6] ?? '')?.[1])).toBeGreaterThan(2);
    expect(stdout).toMatch(
      /^7 questions in \d[\d.]* m?s, the slowest in \d+ ms; .* with the start of server/m,
    );
    expect(stdout).toMatch(/^The demo took \d[\d.]* s in all\.$/m);
  });

  it('then stays up for an official client, and Ctrl-C ends it without a trace', async () => {
    const demo = startCli(['demo'], { env });
    const [, url = ''] = await demo.waitForLine(/^ {2}(http:\/\/127\.0\.0\.1:\d+\/mcp)$/m);
    const help = demo.stdout().slice(demo.stdout().indexOf('MCP over Streamable HTTP'));
    expect(help).toContain(`claude mcp add --transport http fast-intercom ${url}`);
    expect(help).toContain(`"url": "${url}"`);
    expect(help).toContain('INTERCOM_ACCESS_TOKEN');
    expect(help).toContain('Ctrl-C');
    for (const name of ['v2 client, 2026-07-28', 'v1 client, 2025-11-25'] as const) {
      const client = await connectClient(name, { url });
      const answer = await client.call('search_conversations', { query: 'refund', limit: 1 });
      expect(answer.isError, answer.text).toBe(false);
      expect(answer.data.summary).toMatchObject({ returned: 1 });
      await client.close();
    }
    expect(leftOver()).toHaveLength(1);
    const told = performance.now();
    const ended = await demo.stop('SIGINT');
    expect([ended.code, ended.signal]).toEqual([0, null]);
    expect(performance.now() - told).toBeLessThan(3_000);
    expect(ended.stderr).not.toMatch(/error|"level":50/);
    expect(leftOver()).toEqual([]);
  });

  it('Ctrl-C in the middle of the sync ends it too', async () => {
    const demo = startCli(['demo'], { env });
    await demo.waitForLine(/Mirror it/);
    const ended = await demo.stop('SIGINT');
    expect([ended.code, ended.signal]).toEqual([0, null]);
    expect(ended.stderr).not.toMatch(/error/);
    expect(leftOver()).toEqual([]);
  });
});
