import { expect, it } from 'vitest';
import { describeTraps, ourRequests, type Trap } from './support.ts';

const COMPANIES = { run: { only: ['companies'] } };
const SCROLL = '/companies/scroll';
/** More than ten thousand objects are served, stored and compared. */
const TIME = { timeout: 180_000 };

/** Those that a list shows: companies that have users (API-FACTS 5.4). */
const listed = (trap: Trap): string[] =>
  allOf(trap)
    .filter(({ user_count: users }) => Number(users) > 0)
    .map(({ id }) => String(id));
const allOf = ({ sandbox }: Trap) => {
  const found = [];
  for (let from: number | null = 0; from !== null; ) {
    const page = sandbox.objects('companies', from, 1_000);
    found.push(...page.objects);
    from = page.next;
  }
  return found;
};
const asked = (trap: Trap, path: string): number =>
  ourRequests(trap.sandbox).filter((request) => request.path === path).length;

/** All that are listed are here, and none is taken for gone. */
const expectListed = async (trap: Trap): Promise<void> => {
  const stored = await trap.mirrored('companies');
  expect([...stored.keys()].toSorted()).toEqual(listed(trap).toSorted());
  expect([...stored.values()].filter(({ deletedAt }) => deletedAt !== null)).toEqual([]);
};

describeTraps('companies', (open) => {
  it('T11 end with the list at 10,000, and with the scroll never', TIME, async () => {
    await using trap = await open({ conversations: 4, companies: 10_900 });
    expect(listed(trap).length).toBeGreaterThan(10_000);
    trap.sandbox.set({ foreignScroll: true });
    expect(await trap.sync(COMPANIES)).toMatchObject({
      status: 'incomplete',
      exit_code: 3,
      incomplete: [{ entity: 'companies', id: '*', code: 'SYNC_TRUNCATED' }],
    });
    const stored = await trap.mirrored('companies');
    expect(stored.size).toBeGreaterThanOrEqual(10_000);
    expect(stored.size).toBeLessThan(listed(trap).length);
    const { entities } = await trap.status();
    expect(entities.find(({ entity }) => entity === 'companies')?.error?.code).toBe('SYNC_TRUNCATED');
    trap.sandbox.set({ foreignScroll: false });
    expect(await trap.sync(COMPANIES)).toMatchObject({ status: 'complete', incomplete: [] });
    await expectListed(trap);
  });

  it('T12 without users leave the list and stay; those that are gone go', async () => {
    await using trap = await open({ conversations: 4, companies: 130 });
    await trap.sync(COMPANIES);
    const [quiet = '', gone = ''] = listed(trap);
    trap.sandbox.mutate.setCompany(quiet, { user_count: 0 });
    trap.sandbox.mutate.deleteCompany(gone);
    trap.later(5);
    expect(await trap.sync(COMPANIES)).toMatchObject({ status: 'complete', incomplete: [] });
    const stored = await trap.mirrored('companies');
    expect(stored.get(quiet)).toMatchObject({ listed: false, deletedAt: null });
    expect(stored.get(gone)?.deletedAt).not.toBeNull();
    const living = [...stored.values()].filter(({ deletedAt }) => deletedAt === null);
    expect(living.map(({ key }) => key).toSorted()).toEqual([quiet, ...listed(trap)].toSorted());
  });

  it('T13 are scrolled anew when the scroll has expired, which is not its end', async () => {
    await using trap = await open({ conversations: 4, companies: 700 });
    let scrolls = 0;
    trap.sandbox.setFaults(({ path }) => {
      if (path !== SCROLL) return undefined;
      scrolls += 1;
      // After page 3 more than a minute passes.
      if (scrolls === 4) trap.later(61);
      return undefined;
    });
    expect(await trap.sync(COMPANIES)).toMatchObject({ status: 'complete', incomplete: [] });
    const answers = ourRequests(trap.sandbox).filter(({ path }) => path === SCROLL);
    expect(answers.map(({ status }) => status).slice(0, 5)).toEqual([200, 200, 200, 404, 200]);
    await expectListed(trap);
  });

  it('T13 are scrolled anew after an error on page 5', async () => {
    await using trap = await open({ conversations: 4, companies: 700 });
    trap.sandbox.mutate.breakScroll(5);
    expect(await trap.sync(COMPANIES)).toMatchObject({ status: 'complete', incomplete: [] });
    const answers = ourRequests(trap.sandbox).filter(({ path }) => path === SCROLL);
    expect(answers.some(({ status }) => status === 500)).toBe(true);
    await expectListed(trap);
  });

  it('T13 are listed while the scroll of somebody else is open', async () => {
    await using trap = await open({ conversations: 4, companies: 130 });
    trap.sandbox.set({ foreignScroll: true });
    expect(await trap.sync(COMPANIES)).toMatchObject({ status: 'complete', incomplete: [] });
    expect(asked(trap, SCROLL)).toBe(1);
    expect(asked(trap, '/companies/list')).toBeGreaterThan(0);
    await expectListed(trap);
  });
});
