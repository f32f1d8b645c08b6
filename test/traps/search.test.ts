import { expect, it } from 'vitest';
import { describeTraps, isListing, ourRequests, searchAsked } from './support.ts';

describeTraps('search semantics', (open) => {
  it('T18 has what the index of Intercom shows minutes late, and asks for nothing twice', async () => {
    let time = Date.UTC(2026, 10, 20);
    await using trap = await open({
      conversations: 40,
      sandbox: { indexLagSeconds: 180, clock: { now: () => time } },
    });
    const { mutate } = trap.sandbox;
    await trap.sync();
    time += 60_000;
    const added = mutate.addConversation();
    const changed = String((await trap.ids())[7]);
    mutate.reply(changed, { body: '<p>not in the index yet</p>' });
    time += 5_000;
    // Asked for by id both are there; the search shows neither, and the watermark passes them.
    await trap.sync();
    expect((await trap.exported()).map(({ id }) => id)).not.toContain(added);
    time += 181_000;
    await trap.sync();
    const served = trap.threadsServed();
    expect([served.get(added), served.get(changed)]).toEqual([1, 2]);
    await trap.expectMirrored();
    // Inside the overlap both are listed again and again; neither costs a request more.
    expect(trap.threadsServed()).toEqual(served);
  });

  it('T22 asks for smaller pages where large ones do not come in time', async () => {
    const perItemMs = 8;
    const deadlineMs = 500;
    await using trap = await open({ conversations: 160, sandbox: { latencyMsPerItem: perItemMs } });
    const result = await trap.sync({ client: { deadlineMs }, run: { only: ['conversations'] } });
    expect(result).toMatchObject({ status: 'complete', entities: { conversations: { failed: 0 } } });
    const sizes = ourRequests(trap.sandbox)
      .filter(isListing)
      .map(({ body }) => searchAsked(body).perPage);
    expect(sizes[0]).toBe(150);
    expect(sizes.some((size) => size * perItemMs < deadlineMs)).toBe(true);
    trap.sandbox.set({ latencyMsPerItem: 0 });
    await trap.expectMirrored();
  });

  it('T22 does so with contacts, listed and searched for', async () => {
    await using trap = await open({ conversations: 160, sandbox: { latencyMsPerItem: 8 } });
    const contacts = { client: { deadlineMs: 500 }, run: { only: ['contacts'] } };
    const sizes = (path: string): number[] =>
      ourRequests(trap.sandbox).flatMap((request) =>
        request.path === path
          ? [Number(new URLSearchParams(request.query).get('per_page') ?? searchAsked(request.body).perPage)]
          : [],
      );
    expect(await trap.sync(contacts)).toMatchObject({ status: 'complete', incomplete: [] });
    expect(sizes('/contacts')[0]).toBe(150);
    expect(Math.min(...sizes('/contacts'))).toBeLessThan(60);
    for (const id of trap.contactIds()) trap.sandbox.mutate.updateContact(id, { name: 'New' });
    trap.later(5);
    expect(await trap.sync(contacts)).toMatchObject({ status: 'complete', incomplete: [] });
    expect(sizes('/contacts/search')[0]).toBe(150);
    expect(Math.min(...sizes('/contacts/search'))).toBeLessThan(60);
    trap.sandbox.set({ latencyMsPerItem: 0 });
    await trap.expectContactsMirrored();
  });
});
