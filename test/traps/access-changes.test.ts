import { expect, it } from 'vitest';
import { createIntercomClient } from '../../src/intercom/client.ts';
import { createRegionalClient } from '../../src/intercom/regional-client.ts';
import { NAMED_FAULTS } from '../../src/sandbox/faults.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { createWorld } from '../../src/sandbox/world/create-world.ts';
import { createSyncService } from '../../src/sync/create-sync-service.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { expectSame, heldConversations, type Json } from './oracle.ts';
import { describeTraps, isThread, ourRequests, type Trap } from './support.ts';

const WITH_TICKETS = { run: { only: ['conversations', 'tickets'] } };
const ATTRIBUTES = { run: { only: ['data_attributes', 'conversation_attributes'] } };

const heldOf = ({ sandbox }: Trap, kind: string): Json[] => [...sandbox.objects(kind, 0, 1_000).objects];
const payloadsOf = async (
  trap: Trap,
  entity: 'tickets' | 'data_attributes' | 'conversation_attributes',
): Promise<Json[]> =>
  [...(await trap.mirrored(entity)).values()].map(({ payload }) => JSON.parse(payload) as Json);
const inOrder = (objects: readonly Json[]): Json[] =>
  objects.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
const keyOf = ({ id, full_name: name, model }: Json): string => JSON.stringify([model, id, name]);

describeTraps('permissions, versions and places', (open) => {
  it('T20 has the conversations that were hidden, whatever their age, once tickets may be read', async () => {
    await using trap = await open({ conversations: 60 });
    trap.sandbox.set({ missingScopes: ['read_tickets'] });
    const hidden = heldOf(trap, 'tickets').map(({ id }) => String(id));
    expect(hidden.length).toBeGreaterThan(3);
    expect(await trap.sync(WITH_TICKETS)).toMatchObject({
      status: 'complete',
      entities: { tickets: { skipped_reason: 'INTERCOM_FORBIDDEN' } },
    });
    expect(await trap.exported()).toHaveLength(60 - hidden.length);
    expect((await trap.status()).metadata.coverage.missing).toContain('tickets (no permission)');
    // Nothing new was hidden: they all lie before the watermark.
    trap.later(5_000);
    await trap.sync(WITH_TICKETS);
    trap.sandbox.set({ missingScopes: [] });
    trap.later(5_000);
    expect(await trap.sync(WITH_TICKETS)).toMatchObject({ status: 'complete', incomplete: [] });
    expect((await trap.status()).metadata.coverage.missing).not.toContain('tickets (no permission)');
    await trap.expectMirrored(WITH_TICKETS);
    expect(inOrder(await payloadsOf(trap, 'tickets'))).toEqual(inOrder(heldOf(trap, 'tickets')));
  });

  it('T24 goes by the id of tickets, never by their number', async () => {
    await using trap = await open({ conversations: 60 });
    expect(await trap.sync(WITH_TICKETS)).toMatchObject({ status: 'complete', incomplete: [] });
    const tickets = heldOf(trap, 'tickets');
    const [first] = tickets;
    // The number is a trap indeed.
    const answer = await fetch(`${trap.sandbox.url}/tickets/${String(first?.ticket_id)}`, {
      headers: { Authorization: 'Bearer sandbox', 'Intercom-Version': '2.16' },
    });
    expect(answer.status).toBe(404);
    trap.sandbox.mutate.setTicketState(String(first?.id), 'resolved');
    trap.later(5);
    expect(await trap.sync(WITH_TICKETS)).toMatchObject({ status: 'complete', incomplete: [] });
    expect(ourRequests(trap.sandbox).filter(({ status }) => status >= 400)).toEqual([]);
    const stored = await trap.mirrored('tickets');
    expect([...stored.keys()].toSorted()).toEqual(tickets.map(({ id }) => String(id)).toSorted());
    expect(inOrder(await payloadsOf(trap, 'tickets'))).toEqual(inOrder(heldOf(trap, 'tickets')));
  });

  it('T24 takes a refused search for a fault, not for no tickets', async () => {
    await using trap = await open({ conversations: 60 });
    await trap.sync(WITH_TICKETS);
    const before = await trap.mirrored('tickets');
    trap.sandbox.setFaults(({ path }) =>
      path === '/tickets/search' ? { kind: 'status', status: 400, code: 'invalid_field' } : undefined,
    );
    expect(await trap.sync({ run: { only: ['tickets'], full: true } })).toMatchObject({
      status: 'incomplete',
      exit_code: 3,
      incomplete: [{ entity: 'tickets', id: '*', code: 'INTERCOM_BAD_REQUEST' }],
    });
    expect(await trap.mirrored('tickets')).toEqual(before);
    trap.sandbox.setFaults(undefined);
    expect(await trap.sync(WITH_TICKETS)).toMatchObject({ status: 'complete' });
  });

  it('T42 keeps attributes of one name apart, and those that have no id', async () => {
    await using trap = await open({ conversations: 4 });
    const named = (objects: readonly Json[]): Json[] => objects.filter(({ name }) => name === 'Plan');
    for (let round = 0; round < 2; round += 1) {
      expect(await trap.sync(ATTRIBUTES)).toMatchObject({ status: 'complete', incomplete: [] });
      const ofConversations = await payloadsOf(trap, 'conversation_attributes');
      expect(inOrder(ofConversations)).toEqual(inOrder(heldOf(trap, 'conversation_attributes')));
      expect(named(ofConversations).length).toBeGreaterThan(1);
      const others = await payloadsOf(trap, 'data_attributes');
      expect(inOrder(others)).toEqual(inOrder(heldOf(trap, 'data_attributes')));
      expect(others.some(({ id }) => id === undefined || id === null)).toBe(true);
    }
  });

  it('T53 finds the host of the region, and says which it is', async () => {
    await using trap = await open({ conversations: 8 });
    trap.sandbox.set({ region: 'EU' });
    const wrong = await startSandbox({ world: await createWorld({ seed: 3, conversations: 8 }) });
    wrong.set({ refusesTokens: true });
    const hosts = { us: wrong.url, eu: trap.sandbox.url, au: wrong.url };
    const client = createRegionalClient({
      clientFor: (baseUrl) => createIntercomClient({ baseUrl, token: 'sandbox', version: '2.16' }),
      start: 'us',
      hosts,
    });
    const service = createSyncService({ store: trap.store, client, alias: 'default', logger: silentLogger });
    try {
      expect(await service.run({ only: ['conversations'] })).toMatchObject({ status: 'complete' });
      // Each of the other hosts is asked once.
      expect(wrong.requests().total).toBe(2);
    } finally {
      await service.stop();
      await client.close();
      await wrong.close();
    }
    expectSame(await trap.exported(), await heldConversations(trap.sandbox.url));
    expect(await trap.store.read('findWorkspace', { alias: 'default' })).toMatchObject({ region: 'EU' });
  });

  it('T58 goes on with everything else while jobs are limited', async () => {
    await using trap = await open({ conversations: 30 });
    const limited = new Set((await trap.ids()).slice(0, 3));
    const refusals = new Map<string, number>();
    trap.sandbox.setFaults((request) => {
      const id = request.path.split('/').at(-1) ?? '';
      if (!isThread(request) || !limited.has(id)) return undefined;
      const before = refusals.get(id) ?? 0;
      refusals.set(id, before + 1);
      return before < 2 ? NAMED_FAULTS['429_jobs'] : undefined;
    });
    // Taken for the limit on calls, it would stop the client for a week.
    const pause = 7 * 86_400_000;
    const tuning = { minPauseMs: pause, defaultPauseMs: pause, maxPauseMs: pause };
    expect(await trap.sync({ tuning })).toMatchObject({ status: 'complete', incomplete: [] });
    expect([...refusals.values()]).toEqual([3, 3, 3]);
    await trap.expectMirrored();
  });

  it.each(['2.15', '2.16'])('T86 asks %s for conversation attributes where it has them', async (version) => {
    await using trap = await open({ conversations: 4 });
    const client = { version };
    const result = await trap.sync({ ...ATTRIBUTES, client });
    expect(result).toMatchObject({
      status: 'complete',
      incomplete: [],
      entities: { conversation_attributes: { skipped_reason: null } },
    });
    expect(ourRequests(trap.sandbox).filter(({ status }) => status === 422)).toEqual([]);
    const names = (objects: readonly Json[]): string[] => objects.map(({ name }) => String(name)).toSorted();
    expect(names(await payloadsOf(trap, 'conversation_attributes'))).toEqual(
      names(heldOf(trap, 'conversation_attributes')),
    );
  });

  it('T86 asks once for what is refused with 422, and does the rest', async () => {
    await using trap = await open({ conversations: 10 });
    const answer = await fetch(`${trap.sandbox.url}/data_attributes?model=conversation`, {
      headers: { Authorization: 'Bearer sandbox', 'Intercom-Version': '2.16' },
    });
    expect(answer.status).toBe(422);
    trap.sandbox.setFaults(({ path }) =>
      path === '/conversations/attributes'
        ? { kind: 'status', status: 422, code: 'parameter_invalid' }
        : undefined,
    );
    const only = [...ATTRIBUTES.run.only, 'conversations'];
    expect(await trap.sync({ run: { only } })).toMatchObject({ exit_code: 0, status: 'complete' });
    const asked = ourRequests(trap.sandbox).filter(({ path }) => path === '/conversations/attributes');
    expect(asked).toHaveLength(1);
    await trap.expectMirrored();
  });
});
