import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startSandboxProcess } from '../support/cli.ts';
import { bytesOf } from '../support/mirror-bytes.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { mutate } from '../support/sandbox-control.ts';

const SECRET = 'zanzibarium4711secret';
const OPENING_SECRET = 'quicksilverium0815secret';
const CONVERSATIONS = 40;

describeOnBothEngines('a text that was redacted in Intercom', (create) => {
  let sandbox: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;

  beforeAll(async () => {
    sandbox = await startSandboxProcess(['--conversations', String(CONVERSATIONS), '--seed', '8']);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    place = await create();
    env = { ...sandbox.env, DATABASE_URL: place.url };
  });
  afterEach(() => place.drop());

  const nextSecond = (): Promise<void> => sleep(1_020 - (Date.now() % 1_000));
  const sync = async () => {
    const result = await runCli(['sync', '--json'], { env });
    expect(result.code, result.stderr).toBe(0);
  };
  const found = async (word: string): Promise<number> => {
    const result = await runCli(['search', word, '--json'], { env });
    expect(result.code, result.stderr).toBe(0);
    return (JSON.parse(result.stdout) as { summary: { total_results: number } }).summary.total_results;
  };
  const exported = async (): Promise<string> =>
    (await runCli(['export', 'conversations', '--deleted'], { env })).stdout;

  it('is in no row, index, raw copy or file after the next sync', async () => {
    const id = String(
      await mutate(sandbox.url, 'addConversation', {
        source: {
          type: 'conversation',
          id: 'opening-1',
          subject: '',
          body: `<p>my number is ${OPENING_SECRET}</p>`,
          author: { type: 'user', id: 'u1', name: 'A', email: 'a@example.com' },
        },
      }),
    );
    const partId = String(await mutate(sandbox.url, 'reply', id, { body: `<p>the code is ${SECRET}</p>` }));
    await sync();
    // Older versions of the conversation lie in index and files.
    for (const body of ['<p>one more</p>', '<p>and palladiumite</p>']) {
      await nextSecond();
      await mutate(sandbox.url, 'reply', id, { body });
      await sync();
    }
    expect([await found(SECRET), await found(OPENING_SECRET)]).toEqual([1, 1]);
    const before = await bytesOf(place.url);
    expect([before.includes(SECRET), before.includes(OPENING_SECRET)]).toEqual([true, true]);
    expect(await exported()).toContain(SECRET);

    await nextSecond();
    await mutate(sandbox.url, 'redact', id, partId);
    await mutate(sandbox.url, 'redact', id, 'opening-1');
    // Two changes in one second: the sandbox dates the second one a second ahead.
    await nextSecond();
    await sync();

    expect([await found(SECRET), await found(OPENING_SECRET), await found('palladiumite')]).toEqual([
      0, 0, 1,
    ]);
    const after = await bytesOf(place.url);
    expect([after.includes(SECRET), after.includes(OPENING_SECRET)]).toEqual([false, false]);
    const lines = await exported();
    expect([lines.includes(SECRET), lines.includes(OPENING_SECRET)]).toEqual([false, false]);
    expect(lines.split('\n').filter((line) => line !== '')).toHaveLength(CONVERSATIONS + 1);
  });
});
