import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  runCli,
  type SandboxProcess,
  startCli,
  startSandboxProcess,
  withoutFetchTime,
} from '../support/cli.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { requestCounts } from '../support/sandbox-control.ts';

const KILLS = process.env.FAST_INTERCOM_LONG_TESTS ? 20 : 3;
const CONVERSATIONS = 1_200;

const exported = async (url: string) => {
  const result = await runCli(['export', 'conversations'], { env: { DATABASE_URL: url } });
  expect(result.stderr).toBe('');
  expect(result.code).toBe(0);
  return withoutFetchTime(result.stdout);
};

/** Requests of a sync that was not disturbed: the moments of the kills are spread over them. */
const requestsOf = (stdout: string): number => (JSON.parse(stdout) as { readonly requests: number }).requests;

const suite = (create: () => Promise<MirrorPlace>): void => {
  let sandbox: SandboxProcess;
  beforeAll(async () => {
    const size = String(CONVERSATIONS);
    sandbox = await startSandboxProcess(['--conversations', size, '--seed', '5', '--latency-ms', '30']);
  });
  afterAll(() => sandbox.stop());

  const served = async (): Promise<number> => (await requestCounts(sandbox.url)).total;

  it(`loses nothing, at ${KILLS} moments`, { timeout: 900_000 }, async () => {
    const calm = await create();
    const undisturbed = await runCli(['sync', '--json'], { env: { ...sandbox.env, DATABASE_URL: calm.url } });
    expect(undisturbed.code, undisturbed.stderr).toBe(0);
    const expected = await exported(calm.url);
    expect(expected.split('\n').length).toBe(CONVERSATIONS + 1);
    const requests = requestsOf(undisturbed.stdout);
    for (let moment = 0; moment < KILLS; moment += 1) {
      const place = await create();
      const env = { ...sandbox.env, DATABASE_URL: place.url };
      const before = await served();
      const first = startCli(['sync'], { env });
      // Spread by a fixed irrational step over the requests of a run: the same moments in every run of the test.
      const until = before + 1 + Math.floor((((moment + 0.5) * 0.618_034) % 1) * (requests - 2));
      while ((await served()) < until) await sleep(2);
      expect((await first.stop('SIGKILL')).signal).toBe('SIGKILL');
      const second = await runCli(['sync', '--json'], { env });
      expect(second.code, second.stderr).toBe(0);
      expect(await exported(place.url)).toBe(expected);
      await place.drop();
    }
    await calm.drop();
  });
};

describeOnBothEngines('kill -9 in the middle of a sync', suite);
