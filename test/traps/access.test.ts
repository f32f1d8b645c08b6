import { expect, it } from 'vitest';
import { NAMED_FAULTS } from '../../src/sandbox/faults.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { createWorld } from '../../src/sandbox/world/create-world.ts';
import { expectSame, heldConversations } from './oracle.ts';
import { comparable, describeTraps, ourRequests } from './support.ts';

describeTraps('tokens, permissions, workspaces', (open) => {
  it('T52 writes nothing for the token of another workspace', async () => {
    await using trap = await open({ conversations: 30 });
    await trap.sync();
    const before = JSON.stringify(await trap.exported());
    for (const id of (await trap.ids()).slice(0, 10))
      trap.sandbox.mutate.reply(id, { body: '<p>of the other workspace</p>' });
    trap.later(5);
    const requests = ourRequests(trap.sandbox).length;
    const swapped = trap.sync({ client: { token: 'workspace-b' } });
    await expect(swapped).rejects.toMatchObject({ code: 'SYNC_WORKSPACE_MISMATCH' });
    expect(JSON.stringify(await trap.exported())).toBe(before);
    // Whose token it is, and nothing else.
    expect(
      ourRequests(trap.sandbox)
        .slice(requests)
        .map(({ path }) => path),
    ).toEqual(['/me']);
    await trap.sync();
    await trap.expectMirrored();
  });

  it('T52 notices it when the token changes its workspace while it syncs', async () => {
    await using trap = await open({ conversations: 30 });
    await trap.sync();
    const before = JSON.stringify(await trap.exported());
    trap.later(700);
    let asked = 0;
    trap.sandbox.setFaults(({ path }) => {
      if (path !== '/me') return undefined;
      asked += 1;
      const body = JSON.stringify({
        type: 'admin',
        app: { type: 'app', id_code: 'other-b', timezone: 'UTC' },
      });
      return asked > 1 ? { kind: 'wrong_shape', body } : undefined;
    });
    await expect(trap.sync()).rejects.toMatchObject({ code: 'SYNC_WORKSPACE_MISMATCH' });
    trap.sandbox.setFaults(undefined);
    expect(JSON.stringify(await trap.exported())).toBe(before);
  });

  it('T52 keeps two workspaces with the same ids apart in one database', async () => {
    await using trap = await open({ conversations: 20 });
    await using other = await startSandbox({
      world: await createWorld({ seed: 99, conversations: 20 }),
    }).then((sandbox) => Object.assign(sandbox, { [Symbol.asyncDispose]: () => sandbox.close() }));
    await trap.sync();
    await trap.sync({ alias: 'other', client: { baseUrl: other.url } });
    const [here, there] = [await heldConversations(trap.sandbox.url), await heldConversations(other.url)];
    expect([...here.keys()].toSorted()).toEqual([...there.keys()].toSorted());
    expectSame(await trap.exported('default'), here);
    expectSame(await trap.exported('other'), there);
    trap.later(5);
    trap.sandbox.mutate.reply(String((await trap.ids())[0]), { body: '<p>here only</p>' });
    trap.later(5);
    await trap.sync();
    expectSame(await trap.exported('other'), there);
    expectSame(await trap.exported('default'), await heldConversations(trap.sandbox.url));
  });

  it('T67 stops when the token is revoked, and goes on where it was with a new one', async () => {
    const concurrency = 8;
    await using trap = await open({ conversations: 120 });
    let threads = 0;
    let dead = false;
    let refused = 0;
    trap.sandbox.setFaults(({ path }) => {
      if (/^\/conversations\/\d/.test(path)) threads += 1;
      dead ||= threads > 60;
      if (dead) refused += 1;
      return dead ? NAMED_FAULTS[401] : undefined;
    });
    const died = trap.sync({ sync: { concurrency, parallelWindows: 1 } });
    await expect(died).rejects.toMatchObject({ code: 'INTERCOM_UNAUTHORIZED' });
    // The threads under way, the other listings, and GET /me.
    expect(refused).toBeLessThanOrEqual(concurrency + 4);
    expect(await trap.asOf()).toBeNull();
    expect(await trap.status()).toMatchObject({
      state: 'paused',
      metadata: { notes: [expect.stringContaining('access token')] },
    });
    const before = trap.threadsServed();
    expect(before.size).toBe(60);
    trap.sandbox.setFaults(undefined);
    trap.later(2);
    expect(await trap.sync()).toMatchObject({ status: 'complete', incomplete: [] });
    expect(await trap.status()).toMatchObject({ state: 'idle' });
    // What came before the end is not asked for again.
    expect([...trap.threadsServed().values()].filter((times) => times > 1)).toEqual([]);
    await trap.expectMirrored();
    // Dead before a run can begin: said so as well, once, however often it is tried.
    trap.sandbox.setFaults(() => NAMED_FAULTS[401]);
    for (const _attempt of [1, 2])
      await expect(trap.sync()).rejects.toMatchObject({ code: 'INTERCOM_UNAUTHORIZED' });
    expect(await trap.status()).toMatchObject({
      state: 'paused',
      last_run: { status: 'INTERCOM_UNAUTHORIZED', requests: 0 },
    });
  });

  it('T68 leaves out what needs another scope, keeps what was there, and does the rest', async () => {
    await using trap = await open({ conversations: 30 });
    await trap.sync();
    const stored = async (): Promise<Record<string, number>> => {
      const { entities } = await trap.status();
      return Object.fromEntries(entities.map(({ entity, stored: count }) => [entity, count]));
    };
    const before = await stored();
    trap.later(5);
    trap.sandbox.mutate.addConversation();
    trap.later(5);
    trap.sandbox.setFaults(({ path }) =>
      path === '/teams' ? NAMED_FAULTS[401] : path === '/tags' ? NAMED_FAULTS[403] : undefined,
    );
    const result = await trap.sync();
    expect(result).toMatchObject({
      status: 'complete',
      exit_code: 0,
      entities: {
        teams: { skipped_reason: 'INTERCOM_FORBIDDEN' },
        tags: { skipped_reason: 'INTERCOM_FORBIDDEN' },
        conversations: { changed: 1, failed: 0 },
      },
    });
    expect(await stored()).toEqual({ ...before, conversations: 31 });
    await trap.expectMirrored();
  });

  it('T68 takes a 401 on one thread for a missing permission while the token lives', async () => {
    await using trap = await open({ conversations: 30 });
    const hidden = String((await trap.ids())[8]);
    trap.sandbox.setFaults(({ path }) =>
      path === `/conversations/${hidden}` ? NAMED_FAULTS[401] : undefined,
    );
    const result = await trap.sync();
    expect(result).toMatchObject({ exit_code: 0 });
    expect(result.incomplete).toEqual([{ entity: 'conversations', id: hidden, code: 'INTERCOM_FORBIDDEN' }]);
    const rows = await trap.exported();
    expectSame(rows, await heldWithout(trap.sandbox, hidden), [hidden]);
  });

  it.each([402, '403_plan'] as const)(
    'T69 asks once a cycle for what the plan does not hold: %s',
    async (name) => {
      await using trap = await open({ conversations: 20 });
      trap.sandbox.setFaults(({ path }) => (path === '/teams' ? NAMED_FAULTS[name] : undefined));
      for (let cycle = 1; cycle <= 3; cycle += 1) {
        const result = await trap.sync();
        expect(result).toMatchObject({
          exit_code: 0,
          entities: { teams: { skipped_reason: 'INTERCOM_PLAN' } },
        });
        expect(ourRequests(trap.sandbox).filter(({ path }) => path === '/teams')).toHaveLength(cycle);
      }
      const { entities } = await trap.status();
      expect(entities.find(({ entity }) => entity === 'teams')?.error).toMatchObject({
        code: 'INTERCOM_PLAN',
        message: expect.stringMatching(/plan/i) as string,
      });
      await trap.expectMirrored();
    },
  );
});

const heldWithout = async (sandbox: { url: string; setFaults(plan: undefined): void }, id: string) => {
  sandbox.setFaults(undefined);
  return new Map([...(await heldConversations(sandbox.url))].filter(([each]) => each !== id));
};

describeTraps('sizes', (open) => {
  it.each([0, 1, 149, 150, 151, 300])(
    'T81 mirrors a workspace of %s conversations',
    async (conversations) => {
      await using trap = await open({ conversations });
      const result = await trap.sync();
      expect(result).toMatchObject({ status: 'complete', entities: { conversations: { failed: 0 } } });
      expect(await trap.exported()).toHaveLength(conversations);
      expect(await trap.asOf()).not.toBeNull();
      const before = comparable(await trap.exported());
      await trap.expectMirrored();
      expect(comparable(await trap.exported())).toBe(before);
    },
  );
});
