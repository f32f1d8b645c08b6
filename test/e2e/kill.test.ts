import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  runCli,
  type SandboxProcess,
  startCli,
  startSandboxProcess,
  withoutFetchTime,
} from '../support/cli.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { createTempDir } from '../support/temp-dir.ts';

const KILLS = process.env.FAST_INTERCOM_LONG_TESTS ? 20 : 3;
const SYNC_MS = 4_000;

const PLACES = {
  sqlite: async () => {
    const dir = await createTempDir();
    return { url: `sqlite:${join(dir.path, 'mirror.db')}`, drop: () => dir.remove() };
  },
  postgres: createTestDatabase,
};

describe('kill -9 in the middle of a sync', () => {
  let sandbox: SandboxProcess;
  beforeAll(async () => {
    sandbox = await startSandboxProcess(['--conversations', '1200', '--seed', '5', '--latency-ms', '30']);
  });
  afterAll(() => sandbox.stop());

  const exported = async (url: string) => {
    const result = await runCli(['export', 'conversations'], { env: { DATABASE_URL: url } });
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    return withoutFetchTime(result.stdout);
  };

  for (const [engine, create] of Object.entries(PLACES)) {
    it(`loses nothing on ${engine}, at ${KILLS} moments`, { timeout: 600_000 }, async () => {
      const calm = await create();
      const undisturbed = await runCli(['sync'], { env: { ...sandbox.env, DATABASE_URL: calm.url } });
      expect(undisturbed.code, undisturbed.stderr).toBe(0);
      const expected = await exported(calm.url);
      expect(expected.split('\n').length).toBe(1_201);
      let cutShort = 0;
      for (let moment = 0; moment < KILLS; moment += 1) {
        const place = await create();
        const env = { ...sandbox.env, DATABASE_URL: place.url };
        const first = startCli(['sync'], { env });
        // Spread over the run by a fixed irrational step, so that every run of the test takes the same moments.
        await sleep(300 + ((moment * 0.618_034) % 1) * SYNC_MS);
        const killed = await first.stop('SIGKILL');
        if (killed.signal === 'SIGKILL') cutShort += 1;
        const second = await runCli(['sync', '--json'], { env });
        expect(second.code, second.stderr).toBe(0);
        expect(await exported(place.url)).toBe(expected);
        await place.drop();
      }
      expect(cutShort).toBeGreaterThan(0);
      await calm.drop();
    });
  }
});
