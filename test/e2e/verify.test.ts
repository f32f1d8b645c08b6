import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startSandboxProcess } from '../support/cli.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { mutate, requestCounts, setFaults } from '../support/sandbox-control.ts';

type Json = Record<string, unknown>;

interface Found {
  readonly listed: number;
  readonly stored: number;
  readonly missing: number;
  readonly outdated: number;
  readonly incomplete: number;
  readonly absent: number;
}

interface VerifyJson {
  readonly status: string;
  readonly exit_code: number;
  readonly incomplete: readonly Json[];
  readonly verification: {
    readonly windows: readonly Found[];
    readonly counts: readonly Json[];
    readonly differences: number;
  };
}

const CONVERSATIONS = 320;

describeOnBothEngines('the mirror compared with Intercom', (create) => {
  let sandbox: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;

  beforeAll(async () => {
    sandbox = await startSandboxProcess(['--conversations', String(CONVERSATIONS), '--seed', '5']);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    await setFaults(sandbox.url, { kind: 'none' });
    place = await create();
    env = { ...sandbox.env, DATABASE_URL: place.url };
  });
  afterEach(() => place.drop());

  const sync = async () => {
    const result = await runCli(['sync', '--json', '--only', 'conversations,tickets'], { env });
    expect(result.code, result.stderr).toBe(0);
  };
  const verify = async (): Promise<VerifyJson & { code: number | null }> => {
    const result = await runCli(['verify', '--json'], { env });
    return { ...(JSON.parse(result.stdout) as VerifyJson), code: result.code };
  };
  const sums = ({ verification }: VerifyJson): Found =>
    verification.windows.reduce<Found>(
      (sum, row) => ({
        listed: sum.listed + row.listed,
        stored: sum.stored + row.stored,
        missing: sum.missing + row.missing,
        outdated: sum.outdated + row.outdated,
        incomplete: sum.incomplete + row.incomplete,
        absent: sum.absent + row.absent,
      }),
      { listed: 0, stored: 0, missing: 0, outdated: 0, incomplete: 0, absent: 0 },
    );
  const exported = async (): Promise<Map<unknown, Json>> => {
    const result = await runCli(['export', 'conversations'], { env });
    const lines = result.stdout.split('\n').filter((line) => line !== '');
    return new Map(lines.map((line) => JSON.parse(line) as Json).map((line) => [line.id, line]));
  };
  const requested = async (endpoint: string): Promise<number> =>
    (await requestCounts(sandbox.url)).byEndpoint[endpoint] ?? 0;
  /** The feed of deletions says nothing. */
  const withoutFeed = () =>
    setFaults(sandbox.url, {
      plans: [
        {
          kind: 'status',
          path: '/conversations/deleted',
          status: 400,
          code: 'intercom_version_invalid',
          times: 1e6,
        },
      ],
    });
  const nextSecond = (): Promise<void> => sleep(1_020 - (Date.now() % 1_000));

  it('agrees after a sync, month by month, without fetching a thread', async () => {
    await sync();
    await nextSecond();
    const asked = await requested('GET /conversations/{id}');
    const { code, verification, ...result } = await verify();
    expect({ code, differences: verification.differences }).toEqual({ code: 0, differences: 0 });
    expect(sums({ ...result, verification }).listed).toBe((await exported()).size);
    expect(verification.windows.length).toBeGreaterThan(12);
    expect(verification.counts.map(({ entity }) => entity)).toEqual(['tickets', 'contacts']);
    expect(await requested('GET /conversations/{id}')).toBe(asked);
    const text = await runCli(['verify'], { env });
    expect(text.stdout).toContain('The mirror agrees with Intercom');
  });

  it('finds and mends what no poll shows: silent changes, ghosts, objects with old times', async () => {
    await sync();
    const before = await exported();
    const [silent, ghost] = [...before.keys()].slice(20);
    await withoutFeed();
    await mutate(sandbox.url, 'set', silent, { priority: 'urgent' }, false);
    await mutate(sandbox.url, 'delete', ghost);
    await sync();
    expect((await exported()).get(ghost)).toBeDefined();
    expect((await exported()).get(silent)?.priority).toBe(before.get(silent)?.priority);
    const found = await verify();
    expect({ code: found.code, ...sums(found) }).toMatchObject({
      code: 0,
      outdated: 1,
      absent: 1,
      missing: 0,
      incomplete: 0,
    });
    const after = await exported();
    expect(after.get(ghost)).toBeUndefined();
    expect(after.get(silent)?.priority).toBe('urgent');
    expect((await verify()).verification.differences).toBe(0);
  });

  it('asks for each object that a listing lacks, and keeps it when it is there', async () => {
    await sync();
    const before = await exported();
    // Every second page of the listing is empty, but names a next one.
    await setFaults(sandbox.url, {
      plans: [
        {
          kind: 'edited',
          path: '/conversations/search',
          after: 2,
          times: 1,
          set: { conversations: [] },
        },
      ],
    });
    const found = await verify();
    expect(sums(found).absent).toBeGreaterThan(0);
    expect(new Set((await exported()).keys())).toEqual(new Set(before.keys()));
  });
});
