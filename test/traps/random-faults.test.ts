import { expect, it } from 'vitest';
import { PASSING_FAULTS, randomFaults } from '../../src/sandbox/fault-plan.ts';
import type { FaultPlan } from '../../src/sandbox/faults.ts';
import { isAppError } from '../../src/errors/app-error.ts';
import { describeTraps, ourRequests, type Trap } from './support.ts';

const SEEDS = process.env.FAST_INTERCOM_LONG_TESTS ? 20 : 3;
const FAULTY = 0.2;
/** A change before one request of so many. */
const CHANGE_EVERY = 7;
const ROUNDS = 3;
const ENTITIES = ['admins', 'teams', 'tags', 'contacts', 'conversations', 'tickets'];

/** The same numbers for the same seed (mulberry32). */
const randomOf = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
};

/** One change of the workspace, of any kind, to anything that is in it; also to what makes it go. */
const changer = (trap: Trap, seed: number): (() => void) => {
  const { mutate } = trap.sandbox;
  const random = randomOf(seed);
  const pick = (kind: string): string => {
    const { objects } = trap.sandbox.objects(kind, 0, 1_000);
    return String(objects[random(objects.length)]?.id);
  };
  let changes = 0;
  const kinds: readonly (() => void)[] = [
    () => mutate.churn(seed * 1_000 + changes, 2),
    () => mutate.churn(seed * 1_000 + changes, 2),
    () => mutate.churn(seed * 1_000 + changes, 2),
    () => mutate.delete(pick('conversations')),
    () => mutate.mergeContact(pick('contacts'), mutate.addContact({ name: `Merged ${changes}` })),
    () => mutate.deleteContact(pick('contacts')),
    () =>
      void mutate.reply(pick('conversations'), {
        body: `<p>admin ${changes}</p>`,
        author: 'admin',
        part_type: 'close',
      }),
    () => mutate.set(pick('conversations'), { state: 'closed', open: false, priority: 'urgent' }),
    () => mutate.setTags(pick('conversations'), [{ id: `9${random(5)}`, name: `tag ${random(5)}` }]),
    () => void mutate.addConversation({ created_at: 1_780_000_000 + random(10_000_000) }),
    () => mutate.updateContact(pick('contacts'), { name: `Renamed ${changes}` }),
  ];
  return () => {
    changes += 1;
    kinds[random(kinds.length)]?.();
  };
};

const expectTicketsMirrored = async (trap: Trap): Promise<void> => {
  const living = [...(await trap.mirrored('tickets')).values()].filter(({ deletedAt }) => deletedAt === null);
  const stored = living.map(({ payload }) => JSON.parse(payload) as { id: unknown });
  const inOrder = (objects: readonly { readonly id?: unknown }[]) =>
    objects.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
  expect(inOrder(stored)).toEqual(inOrder(trap.sandbox.objects('tickets', 0, 1_000).objects));
};

/** What was there and is gone by now. */
const expectGone = async (trap: Trap, before: readonly string[]): Promise<void> => {
  const held = new Set(trap.sandbox.objects('conversations', 0, 1_000).objects.map(({ id }) => String(id)));
  const gone = before.filter((id) => !held.has(id));
  expect(gone.length).toBeGreaterThan(0);
  const shown = new Set((await trap.exported()).map(({ id }) => id));
  expect(gone.filter((id) => shown.has(id))).toEqual([]);
};

describeTraps('random faults while the workspace changes', (open) => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
    'loses nothing with seed %s, object by object',
    async (seed) => {
      await using trap = await open({ conversations: 60, seed: 400 + seed });
      const ids = await trap.ids();
      const change = changer(trap, seed);
      const faults = randomFaults({ seed, share: FAULTY, kinds: [...PASSING_FAULTS, 'stalled'] });
      const plan: FaultPlan = (request) => {
        if (request.count % CHANGE_EVERY === 0) change();
        return faults(request);
      };
      // Waits after a limit are short here; a body that stands still is given up soon.
      const process = { client: { idleTimeoutMs: 100, deadlineMs: 3_000 }, tuning: { windowMs: 50 } };
      for (let round = 0; round < ROUNDS; round += 1) {
        trap.sandbox.setFaults(plan);
        // A run may fail as a whole, if one request fails again and again: the next one goes on.
        await trap.sync({ ...process, run: { only: ENTITIES } }).catch((error: unknown) => {
          if (!isAppError(error) || !error.retryable) throw error;
        });
        trap.later(20);
      }
      trap.sandbox.setFaults(undefined);
      expect(ourRequests(trap.sandbox).filter(({ fault }) => fault !== null).length).toBeGreaterThan(20);
      // Quiet: what was changed lies in the past.
      trap.later(120);
      await trap.sync({ ...process, run: { only: ENTITIES } });
      trap.later(2);
      // Contacts that are gone show by their absence from a whole list only.
      expect(await trap.sync({ ...process, run: { only: ENTITIES, full: true } })).toMatchObject({
        status: 'complete',
        incomplete: [],
      });
      await expectGone(trap, ids);
      await trap.expectMirrored();
      await trap.expectContactsMirrored();
      await expectTicketsMirrored(trap);
    },
    120_000,
  );
});
