import { afterEach, beforeEach, expect, it } from 'vitest';
import { unpackText } from '../../src/data/payload-codec.ts';
import type { Fence } from '../../src/data/writes/fence.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { beginSync, hydrate, incomingOf, list, threadOf } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';
import { openRaw } from './raw-database.ts';

const MONITOR = {
  monitor_id: '12345',
  monitor_name: 'Complaints',
  monitor_type: 'prompt',
  result: 'flagged',
  explanation: 'The customer wants a refund.',
  evaluated_at: 1_719_493_065,
};
const SCORECARD = {
  scorecard_id: '67890',
  scorecard_version_id: '67891',
  name: 'Standard QA Review',
  scorecard_type: 'human',
  passed: false,
  score: 0.85,
  ai_score: null,
  evaluated_at: null,
  reviewed_teammate: { type: 'admin', admin_id: '991267715' },
  evaluators: [{ evaluator_id: '54321', result: null }],
};

describeEngines('what QA monitors and scorecards found', (create) => {
  let place: TestPlace;
  let store: OpenedStore;
  let fence: Fence;
  beforeEach(async () => {
    place = await create();
    store = await place.open();
    fence = await beginSync(store);
  });
  afterEach(() => place.drop());

  const rowsOf = async (sql: string) => {
    const raw = await openRaw(place.url);
    const rows = await raw.query(sql);
    await raw.close();
    return rows;
  };
  const listed = (fields: Record<string, unknown>, updatedAt = 1_700_000_100) =>
    list(store, fence, [incomingOf({ id: '7', updated_at: updatedAt, fields })]);
  const both = (monitors: readonly unknown[], scorecards: readonly unknown[] = []) => ({
    monitor_evaluations: monitors,
    scorecards,
  });
  const explanations = async () =>
    (await rowsOf('select position, explanation from conversation_monitor_evaluations')).map(
      ({ explanation, position }) => `${String(position)} ${String(explanation)}`,
    );

  it('is stored by columns, in its order, with its own JSON', async () => {
    await listed(both([MONITOR, { ...MONITOR, explanation: null }], [SCORECARD]));
    const monitors = await rowsOf('select * from conversation_monitor_evaluations');
    const { payload, ...columns } = monitors[0] ?? {};
    expect(columns).toEqual({
      workspace_id: fence.workspaceId,
      conversation_id: '7',
      position: 0,
      conversation_updated_at: 1_700_000_100,
      ...MONITOR,
    });
    expect(unpackText(Buffer.from(String(payload), 'base64'))).toBe(JSON.stringify(MONITOR));
    expect(await explanations()).toEqual(['0 The customer wants a refund.', '1 null']);
    expect(await rowsOf('select * from conversation_scorecards')).toMatchObject([
      {
        conversation_id: '7',
        scorecard_id: '67890',
        name: 'Standard QA Review',
        passed: 0,
        score: 0.85,
        ai_score: null,
        evaluated_at: null,
        reviewed_type: 'admin',
        reviewed_admin_id: '991267715',
      },
    ]);
    const [exported] = await store.read('exportPage', {
      workspaceId: fence.workspaceId,
      limit: 1,
      deleted: false,
    });
    expect(exported?.scorecards).toEqual([JSON.stringify(SCORECARD)]);
    expect(exported?.payload).not.toContain('scorecard');
  });

  it('is no change of the conversation, and changes without one', async () => {
    expect((await listed({})).changed).toBe(1);
    expect((await listed(both([MONITOR]))).changed).toBe(0);
    expect(await explanations()).toHaveLength(1);
    // A listing that shows nothing of it says nothing of it.
    expect((await listed({})).changed).toBe(0);
    expect(await explanations()).toHaveLength(1);
    await listed(both([{ ...MONITOR, explanation: 'second' }, MONITOR]));
    expect(await explanations()).toEqual(['0 second', '1 The customer wants a refund.']);
    await listed({ monitor_evaluations: [MONITOR] });
    expect(await explanations()).toEqual(['0 The customer wants a refund.']);
    await listed(both([]));
    expect(await explanations()).toEqual([]);
  });

  it('comes neither from a replica that lags nor back to what was deleted', async () => {
    await listed(both([MONITOR]), 1_700_000_100);
    await listed(both([{ ...MONITOR, explanation: 'old' }]), 1_700_000_099);
    expect(await explanations()).toEqual(['0 The customer wants a refund.']);
    await store.write('applyDeletions', { fence, deleted: [{ id: '7', deletedAt: 1_700_000_200 }] });
    await listed(both([{ ...MONITOR, explanation: 'late' }]), 1_700_000_150);
    expect(await explanations()).toEqual(['0 The customer wants a refund.']);
  });

  it('may quote a text that was taken back: what is older goes with it, what is newer stays', async () => {
    const thread = (updatedAt: number, redacted: boolean) =>
      threadOf({
        id: '7',
        updated_at: updatedAt,
        parts: [{ id: 'p', body: redacted ? null : 'secret' }],
        fields: redacted ? { source: { id: '7-source', body: null, redacted: true } } : {},
      });
    await listed(both([MONITOR], [SCORECARD]), 1_700_000_100);
    await hydrate(store, fence, [thread(1_700_000_100, false)]);
    expect(await explanations()).toHaveLength(1);
    // By a webhook: the thread is here before a listing.
    await hydrate(store, fence, [thread(1_700_000_200, true)]);
    expect(await explanations()).toEqual([]);
    expect(await rowsOf('select name from conversation_scorecards')).toEqual([]);
    await listed(both([MONITOR]), 1_700_000_200);
    expect(await explanations()).toHaveLength(1);
    // By a poll: the listing first, with an explanation that is still the same.
    await listed(both([MONITOR]), 1_700_000_300);
    await hydrate(store, fence, [thread(1_700_000_300, true)]);
    expect(await explanations()).toHaveLength(1);
  });
});
