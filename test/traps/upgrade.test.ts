import { expect, it } from 'vitest';
import { downgrade } from '../contract/raw-database.ts';
import { sqlRows } from '../support/sql.ts';
import { expectSame, heldConversations } from './oracle.ts';
import { exported, rowsOf } from './read-mirror.ts';
import { describeTraps, isThread } from './support.ts';

describeTraps('a newer version of the program', (open) => {
  it('T77 goes on with a backfill of the older one that is half done', async () => {
    await using trap = await open({ conversations: 120 });
    let threads = 0;
    trap.sandbox.setFaults((request) => {
      if (!isThread(request)) return undefined;
      threads += 1;
      // Everything is listed, half of the threads are here.
      return threads > 60 ? { kind: 'status', status: 500, code: 'server_error' } : undefined;
    });
    await trap.sync({
      run: { only: ['contacts', 'conversations'] },
      client: { maxAttempts: 1 },
    });
    const before = trap.threadsServed();
    expect(before.size).toBe(60);
    await trap.store.close();
    await downgrade(trap.place.url);

    const store = await trap.place.open();
    expect(store.applied).toContain(2);
    trap.sandbox.setFaults(undefined);
    trap.later(5);
    const result = await trap.sync({ store, run: { only: ['contacts', 'conversations'] } });
    expect(result).toMatchObject({ status: 'complete', incomplete: [] });
    // What was here is not fetched again, and its new columns are filled all the same.
    expect([...trap.threadsServed().values()].filter((times) => times > 1)).toEqual([]);
    expect(await sqlRows(trap.place.url, 'select * from derivations where after_id is not null')).toEqual([]);
    const [row] = await sqlRows(
      trap.place.url,
      'select count(*) as filled from conversations where handling_time is not null',
    );
    const held = await heldConversations(trap.sandbox.url);
    const timed = [...held.values()].filter(
      ({ statistics }) =>
        typeof (statistics as { handling_time?: unknown } | null)?.handling_time === 'number',
    );
    expect(timed.length).toBeGreaterThan(0);
    expect(Number(row?.filled)).toBe(timed.length);
    expectSame(rowsOf(await exported(trap.place.url)), held);
  });
});
