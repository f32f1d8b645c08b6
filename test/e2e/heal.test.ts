import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startSandboxProcess } from '../support/cli.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { mutate, requestCounts, setFaults } from '../support/sandbox-control.ts';

type Json = Record<string, unknown>;

const CONVERSATIONS = 60;

describeOnBothEngines('what changes behind the back of a listing', (create) => {
  let sandbox: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;

  beforeAll(async () => {
    sandbox = await startSandboxProcess(['--conversations', String(CONVERSATIONS), '--seed', '33']);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    await setFaults(sandbox.url, { kind: 'none' });
    place = await create();
    env = { ...sandbox.env, DATABASE_URL: place.url };
  });
  afterEach(() => place.drop());

  const sync = async (...args: string[]) => {
    const result = await runCli(['sync', '--json', ...args], { env });
    expect(result.code, result.stderr).toBe(0);
  };
  const exported = async (...args: string[]): Promise<Json[]> => {
    const result = await runCli(['export', 'conversations', ...args], { env });
    expect(result.code, result.stderr).toBe(0);
    return result.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Json);
  };
  const requested = async (endpoint: string): Promise<number> =>
    (await requestCounts(sandbox.url)).byEndpoint[endpoint] ?? 0;

  it('takes over deletions with the next sync, without asking for each conversation', async () => {
    await sync();
    const before = await exported();
    const gone = before.slice(10, 15).map(({ id }) => String(id));
    for (const id of gone) await mutate(sandbox.url, 'delete', id);
    const asked = await requested('GET /conversations/{id}');
    await sync();
    expect(await requested('GET /conversations/{id}')).toBe(asked);
    const left = await exported();
    expect(left.map(({ id }) => id)).toEqual(
      before.map(({ id }) => id).filter((id) => !gone.includes(String(id))),
    );
    const all = await exported('--deleted');
    const marked = all.filter((line) => (line._mirror as Json).deleted_at !== null);
    expect(new Set(marked.map(({ id }) => id))).toEqual(new Set(gone));
  });

  it('goes without the feed of deletions where there is none, and says nothing is wrong', async () => {
    const refusal = {
      kind: 'status',
      path: '/conversations/deleted',
      status: 400,
      code: 'intercom_version_invalid',
      times: 1e6,
    };
    await setFaults(sandbox.url, { plans: [refusal] });
    await sync();
    await sync();
    expect(await exported()).not.toHaveLength(0);
  });

  it('finds a contact that changed a moment ago without listing all of them', async () => {
    await sync();
    const listed = await requested('GET /contacts');
    const [first = {}] = await exported();
    const [contact] = (first.contacts as { contacts: Json[] }).contacts;
    const [, word = ''] =
      /(\p{L}{4,})/u.exec(String((first.source as Json).body).replaceAll(/<[^>]*>/g, ' ')) ?? [];
    await sleep(1_020 - (Date.now() % 1_000));
    await mutate(sandbox.url, 'updateContact', contact?.id, { email: 'somebody.new@example.com' });
    await sync();
    expect(await requested('GET /contacts')).toBe(listed);
    const args = ['search', word, '--customer-email', 'somebody.new@example.com', '--json'];
    const found = await runCli(args, { env });
    expect(found.code, found.stderr).toBe(0);
    const { results } = JSON.parse(found.stdout) as { results: Json[] };
    expect(results.map(({ id }) => id)).toContain(first.id);
  });

  it('follows merges by aliases, keeps who is merely not listed, and lets go who is gone', async () => {
    await sync();
    const rows = await exported();
    const contactOf = (row: Json): string => String((row.contacts as { contacts: Json[] }).contacts[0]?.id);
    const all = [...new Set(rows.map(contactOf))];
    const [merged = '', into = '', further = '', blocked = '', gone = ''] = all;
    await mutate(sandbox.url, 'updateContact', further, { email: 'the.one@example.com' });
    await mutate(sandbox.url, 'mergeContact', merged, into);
    await mutate(sandbox.url, 'mergeContact', into, further);
    await mutate(sandbox.url, 'archiveContact', blocked);
    await mutate(sandbox.url, 'deleteContact', gone);
    await sync('--full', '--only', 'contacts');
    const contacts = await runCli(['export', 'contacts'], { env });
    const ids = new Set(
      contacts.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as Json).id),
    );
    expect([merged, into, further, blocked, gone].map((id) => ids.has(id))).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
    const [first] = rows.filter((row) => contactOf(row) === merged);
    const [, word = ''] =
      /(\p{L}{4,})/u.exec(String((first?.source as Json | undefined)?.body).replaceAll(/<[^>]*>/g, ' ')) ??
      [];
    const args = ['search', word, '--customer-email', 'the.one@example.com', '--json', '--limit', '50'];
    const found = await runCli(args, { env });
    const { results } = JSON.parse(found.stdout) as { results: Json[] };
    expect(results.map(({ id }) => id)).toContain(first?.id);
  });
});
