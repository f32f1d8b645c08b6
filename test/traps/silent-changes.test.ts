import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { bytesOf } from '../support/mirror-bytes.ts';
import { differences, heldConversations, type Json } from './oracle.ts';
import { describeTraps, ourRequests, type Trap } from './support.ts';

const FEED = '/conversations/deleted';
/** A process works in the background until it is done; the end of the test is the bound. */
const TIME = { timeout: 120_000 };

const found = async (trap: Trap, query: string): Promise<number> =>
  (await trap.query.searchConversations({ query })).summary.total_results;

describeTraps('what changes without a word', (open) => {
  it('T37 wipes a text that was taken back from rows, index and files', async () => {
    const secret = 'zanzibarium4711secret';
    const opening = 'qqxylophonium0815secret';
    await using trap = await open({ conversations: 20 });
    const { mutate } = trap.sandbox;
    const [id = ''] = await trap.ids();
    const part = mutate.reply(id, { body: `<p>the code is ${secret}</p>` });
    const { source } = await trap.conversation(id);
    const sourceId = String((source as Json).id);
    mutate.setPart(id, sourceId, { body: `<p>my number is ${opening}</p>` });
    trap.later(5);
    await trap.sync();
    expect([await found(trap, secret), await found(trap, opening)]).toEqual([1, 1]);
    const before = await bytesOf(trap.place.url);
    expect([before.includes(secret), before.includes(opening)]).toEqual([true, true]);
    mutate.redact(id, part);
    mutate.redact(id, sourceId);
    trap.later(5);
    expect(await trap.sync()).toMatchObject({ status: 'complete', incomplete: [] });
    expect([await found(trap, secret), await found(trap, opening)]).toEqual([0, 0]);
    const after = await bytesOf(trap.place.url);
    expect([after.includes(secret), after.includes(opening)]).toEqual([false, false]);
    await trap.expectMirrored();
  });

  it('T40 finds ratings, SLA and attributes that came without a newer updated_at', TIME, async () => {
    await using trap = await open({ conversations: 40 });
    await trap.sync();
    const [rated = '', missed = '', described = ''] = await trap.ids();
    const { mutate } = trap.sandbox;
    mutate.set(rated, { conversation_rating: { rating: 1 } }, false);
    mutate.set(missed, { sla_applied: { type: 'conversation_sla_summary', sla_status: 'missed' } }, false);
    mutate.set(described, { custom_attributes: { Tier: 'silent' } }, false);
    trap.later(700);
    await trap.sync();
    const held = await heldConversations(trap.sandbox.url);
    // A poll cannot know it.
    expect(differences(await trap.exported(), held)).toHaveLength(3);
    {
      await using _process = trap.background({ sync: { lookAgainScale: 0.000_01 } });
      while (differences(await trap.exported(), held).length > 0) await sleep(50);
    }
    await trap.expectMirrored();
  });

  it('T40 mends them at once where a comparison is asked for', async () => {
    await using trap = await open({ conversations: 40 });
    await trap.sync();
    const [rated = ''] = await trap.ids();
    trap.sandbox.mutate.set(rated, { conversation_rating: { rating: 1 } }, false);
    trap.later(700);
    const result = await trap.sync({ run: { only: ['conversations'], verify: true } });
    expect(result.verification?.differences).toBe(1);
    await trap.expectMirrored();
  });

  it('T45 takes over deletions with the next cycle', async () => {
    await using trap = await open({ conversations: 40 });
    await trap.sync();
    for (const id of (await trap.ids()).slice(3, 8)) trap.sandbox.mutate.delete(id);
    trap.later(5);
    expect(await trap.sync()).toMatchObject({ status: 'complete', incomplete: [] });
    expect(await trap.exported()).toHaveLength(35);
    await trap.expectMirrored();
  });

  it('T45 skips none while new deletions move the pages of the feed', async () => {
    await using trap = await open({ conversations: 220 });
    await trap.sync();
    const ids = await trap.ids();
    const { mutate } = trap.sandbox;
    const gone = ids.slice(0, 150);
    for (const id of gone) mutate.delete(id);
    trap.later(5);
    const late = ids.slice(150, 160);
    let pages = 0;
    trap.sandbox.setFaults(({ path }) => {
      if (path !== FEED) return undefined;
      pages += 1;
      // Before every page behind the first, some more are deleted.
      if (pages > 1) for (const id of late.splice(0, 3)) mutate.delete(id);
      return undefined;
    });
    await trap.sync();
    expect(pages).toBeGreaterThan(2);
    const left = new Set((await trap.exported()).map(({ id }) => id));
    expect(gone.filter((id) => left.has(id))).toEqual([]);
    trap.sandbox.setFaults(undefined);
    trap.later(5);
    await trap.sync();
    await trap.expectMirrored();
  });

  it('T46 goes without the feed of deletions where the version has none', TIME, async () => {
    await using trap = await open({ conversations: 40 });
    trap.sandbox.set({ newestVersion: '2.15' });
    const client = { version: '2.15' };
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (...said: unknown[]) => void warnings.push(String(said[1])) };
    const first = await trap.sync({ client, logger });
    expect(first).toMatchObject({ status: 'complete', exit_code: 0, incomplete: [] });
    const [ghost = '', second = ''] = (await trap.ids()).slice(10);
    trap.sandbox.mutate.delete(ghost);
    trap.later(700);
    const next = await trap.sync({ client, logger });
    expect(next).toMatchObject({ status: 'complete', exit_code: 0, incomplete: [] });
    expect(warnings.filter((text) => text.includes('deleted conversations'))).toHaveLength(1);
    const refused = ourRequests(trap.sandbox).filter(({ path, status }) => path === FEED && status === 400);
    expect(refused.length).toBeGreaterThan(0);
    const stored = async (id: string): Promise<boolean> =>
      (await trap.exported()).some((row) => row.id === id);
    expect(await stored(ghost)).toBe(true);
    // The sweep finds it, and so does a comparison.
    {
      await using _process = trap.background({ client, sync: { lookAgainScale: 0.000_01 } });
      while (await stored(ghost)) await sleep(50);
    }
    trap.sandbox.mutate.delete(second);
    trap.later(700);
    await trap.sync({ client, run: { only: ['conversations'], verify: true } });
    expect(await stored(second)).toBe(false);
    expect(await trap.exported()).toHaveLength(38);
  });
});
