import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startCli, startSandboxProcess } from '../support/cli.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { heldObjects, mutate, requestCounts, setBehaviour, setFaults } from '../support/sandbox-control.ts';

type Json = Readonly<Record<string, unknown>>;

/** Tables that Intercom gives as it holds them. */
const LISTS = [
  'admins',
  'teams',
  'tags',
  'segments',
  'ticket_types',
  'ticket_states',
  'subscription_types',
  'help_centers',
  'brands',
  'office_hours_schedules',
  'data_attributes',
  'conversation_attributes',
  'articles',
  'collections',
  'internal_articles',
  'macros',
] as const;
const CALM = {
  missingScopes: [],
  missingScopeStatus: 403,
  planRestricted: [],
  newestVersion: 'Preview',
  latencyMs: 0,
};

/** Each list is exported by a process of its own. */
const PATIENT = { timeout: 240_000 };

interface SyncJson {
  readonly status: string;
  readonly exit_code: number;
  readonly entities: Readonly<
    Record<
      string,
      {
        readonly listed: number;
        readonly changed: number;
        readonly failed: number;
        readonly skipped_reason: string | null;
      }
    >
  >;
  readonly incomplete: readonly { readonly entity: string; readonly id: string; readonly code: string }[];
  readonly requests: number;
}

interface StatusJson {
  readonly entities: readonly {
    readonly entity: string;
    readonly stored: number;
    readonly access: string;
    readonly error: { readonly code: string; readonly remedy: string } | null;
  }[];
  readonly metadata: {
    readonly coverage: { readonly complete: boolean; readonly missing: readonly string[] };
  };
}

/** In an order that does not depend on the mirror. */
const inOrder = (objects: readonly Json[]): readonly Json[] =>
  objects
    .map((object) => ({
      object,
      key: `${String(object.model)} ${String(object.id)} ${String(object.full_name)}`,
    }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ object }) => object);

const inWords = (values: readonly unknown[] = []): readonly string[] => values.map(String).toSorted();

const without = (object: Json, ...names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

describeOnBothEngines('every entity', (create) => {
  let sandbox: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;

  beforeAll(async () => {
    sandbox = await startSandboxProcess(['--conversations', '150', '--companies', '230', '--seed', '12']);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    await setFaults(sandbox.url, { kind: 'none' });
    await setBehaviour(sandbox.url, CALM);
    place = await create();
    env = { ...sandbox.env, DATABASE_URL: place.url };
  });
  afterEach(() => place.drop());

  const run = async (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const result = await runCli([...args], { env: { ...env, ...more } });
    return { ...result, last: result.stdout.trimEnd().split('\n').at(-1) ?? '' };
  };
  const sync = async (args: readonly string[] = [], more: Readonly<Record<string, string>> = {}) => {
    const result = await run(['sync', '--json', ...args], more);
    return { ...result, json: JSON.parse(result.last) as SyncJson };
  };
  const status = async () => JSON.parse((await run(['status', '--json'])).last) as StatusJson;
  const stateOf = async (entity: string) =>
    (await status()).entities.find((found) => found.entity === entity);
  const exported = async (entity: string, ...args: readonly string[]): Promise<readonly Json[]> => {
    const { code, stderr, stdout } = await run(['export', entity, ...args]);
    expect(code, stderr).toBe(0);
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Json);
  };
  const held = (kind: string) => heldObjects(sandbox.url, kind);
  const asked = async (endpoint: string): Promise<number> =>
    (await requestCounts(sandbox.url)).byEndpoint[endpoint] ?? 0;
  const plain = (objects: readonly Json[]) => inOrder(objects.map((object) => without(object, '_mirror')));

  const evaluationsOf = (objects: readonly Json[]) =>
    new Map(
      objects.map(({ id, monitor_evaluations: monitors = [], scorecards = [] }) => [
        id,
        { monitors, scorecards },
      ]),
    );
  /** What QA found is what the workspace says of it; times of an export are ISO 8601. */
  const expectEvaluations = async (): Promise<void> => {
    const inMirror = evaluationsOf(
      (await exported('conversations')).map(({ id, _mirror }) => ({ id, ...(_mirror as Json) })),
    );
    const isoTimes = (_key: string, value: unknown) =>
      typeof value === 'number' && value > 1e9
        ? new Date(value * 1000).toISOString().replace('.000', '')
        : value;
    const inWorkspace = JSON.parse(JSON.stringify(await held('quality'), isoTimes)) as Json[];
    expect(inMirror).toEqual(evaluationsOf(inWorkspace));
    expect([...inMirror.values()].flatMap(({ monitors }) => monitors).length).toBeGreaterThan(10);
    expect([...inMirror.values()].flatMap(({ scorecards }) => scorecards).length).toBeGreaterThan(10);
  };

  /** Everything that is mirrored is what the workspace holds. */
  const expectMirrored = async (lists: readonly string[] = LISTS): Promise<void> => {
    for (const list of lists) {
      const expected = (await held(list)).map((object) => without(object, 'statistics'));
      expect(plain(await exported(list)), list).toEqual(inOrder(expected));
    }
    expect(plain(await exported('tickets'))).toEqual(inOrder(await held('tickets')));
    const contacts = await exported('contacts');
    expect(plain(contacts)).toEqual(inOrder(await held('contacts')));
    const details = new Map((await held('contact_details')).map((object) => [object.id, object]));
    for (const { id, _mirror: mirror } of contacts) {
      const { tags, companies, notes, segments } = mirror as Record<string, readonly Json[]>;
      const expected = details.get(id) as Record<string, readonly Json[]>;
      expect(inWords(tags)).toEqual(inWords(expected.tags?.map((tag) => tag.id)));
      expect(inWords(companies)).toEqual(inWords(expected.companies));
      expect(inWords(segments)).toEqual(inWords(expected.segments));
      expect(inOrder(notes ?? [])).toEqual(inOrder(expected.notes ?? []));
    }
    // Companies without users are in no list; those that somebody belongs to are here all the same (T12).
    const companies = plain(await exported('companies'));
    const all = await held('companies');
    const byId = new Map(all.map((company) => [company.id, company]));
    for (const company of companies) expect(company).toEqual(byId.get(company.id));
    const ids = new Set(companies.map(({ id }) => id));
    const wanted = all.filter(({ user_count: users }) => Number(users) > 0);
    expect(wanted.filter(({ id }) => !ids.has(id))).toEqual([]);
    for (const { companies: own } of await held('contact_details'))
      for (const id of own as readonly string[]) expect(ids.has(id), id).toBe(true);
  };

  it('is mirrored as the workspace holds it', PATIENT, async () => {
    // Contacts are listed long before the segments are: who is in them is found all the same.
    await setFaults(sandbox.url, { kind: 'slow', delayMs: 3_000, path: '/segments' });
    const first = await sync();
    expect(first.code, first.stderr).toBe(0);
    expect(first.json).toMatchObject({ status: 'complete', incomplete: [] });
    await expectMirrored();
    await expectEvaluations();
  });

  it('has what QA found, also what changed with no newer time, where it may be read', PATIENT, async () => {
    const refused = { planRestricted: ['/conversations/search?include_'] };
    await setBehaviour(sandbox.url, refused);
    const first = await sync();
    expect(first.code, first.stderr).toBe(0);
    expect(first.json.incomplete).toEqual([]);
    const { missing } = (await status()).metadata.coverage;
    expect(missing).toEqual(['QA monitors and scorecards of conversations (not in the plan)']);
    expect(await exported('conversations')).toHaveLength((await held('conversations')).length);
    await setBehaviour(sandbox.url, CALM);
    const second = await sync(['--full']);
    expect(second.json.entities.conversations?.changed).toBe(0);
    await expectEvaluations();
    expect((await status()).metadata.coverage).toMatchObject({ complete: true, missing: [] });
    const flagged = (await held('quality')).find(
      ({ monitor_evaluations: monitors }) => (monitors as Json[]).length > 0,
    );
    const monitors = [
      { monitor_id: '9', monitor_name: null, result: 'passed', evaluated_at: null },
      { n: 1 },
    ];
    await mutate(sandbox.url, 'setQuality', flagged?.id, { monitor_evaluations: monitors });
    const third = await sync(['--full']);
    expect(third.json.entities.conversations?.changed).toBe(0);
    await expectEvaluations();
  });

  it('is what it has become after the next sync', PATIENT, async () => {
    await sync();
    const [article, another] = await held('articles');
    const [company] = (await held('companies')).filter(({ user_count: users }) => Number(users) > 0);
    const [ticket] = await held('tickets');
    const contact = (await held('contact_details')).find(({ tags }) => (tags as unknown[]).length > 0);
    await mutate(sandbox.url, 'put', 'articles', { id: article?.id, title: 'Changed' });
    await mutate(sandbox.url, 'drop', 'articles', String(another?.id));
    await mutate(sandbox.url, 'put', 'conversation_attributes', {
      id: 901,
      name: 'Plan',
      type: 'conversation_attribute',
    });
    await mutate(sandbox.url, 'put', 'conversation_attributes', {
      id: 902,
      name: 'Plan',
      type: 'conversation_attribute',
    });
    await mutate(sandbox.url, 'setCompany', company?.id, { name: 'Renamed' });
    await mutate(sandbox.url, 'setTicketState', ticket?.id, 'resolved');
    await mutate(sandbox.url, 'addTicket');
    await mutate(sandbox.url, 'setContactDetails', contact?.id, { tags: [] });
    const second = await sync();
    expect(second.code, second.stderr).toBe(0);
    await expectMirrored(['articles', 'conversation_attributes']);
    // Two of the same name (T42).
    const plans = (await exported('conversation_attributes')).filter(({ name }) => name === 'Plan');
    expect(plans.map(({ id }) => id)).toEqual(expect.arrayContaining([901, 902]));
    const gone = (await exported('articles', '--deleted')).find(({ id }) => id === another?.id);
    expect(gone?._mirror).toMatchObject({ deleted_at: expect.any(String) as unknown });
  });

  it('is listed with few requests when nothing is new', async () => {
    await sync();
    // Where a second has begun since the last change, nothing is asked for again.
    await sleep(1_020 - (Date.now() % 1_000));
    await sync();
    const before = await requestCounts(sandbox.url);
    const { json } = await sync(['--only', 'conversations,tickets']);
    expect(json.requests).toBeLessThanOrEqual(10);
    const { json: all } = await sync();
    const after = await requestCounts(sandbox.url);
    const { byEndpoint } = after;
    const times = (endpoint: string) => (byEndpoint[endpoint] ?? 0) - (before.byEndpoint[endpoint] ?? 0);
    expect(times('GET /tags')).toBe(1);
    expect(times('GET /contacts/{id}/tags') + times('GET /contacts/{id}/notes')).toBe(0);
    expect(all.requests).toBeLessThan(60);
  });

  it('knows a company that has lost its users from one that is gone (T12)', async () => {
    await sync();
    const [quiet, gone] = (await held('companies')).filter(({ user_count: users }) => Number(users) > 0);
    await mutate(sandbox.url, 'setCompany', quiet?.id, { user_count: 0 });
    await mutate(sandbox.url, 'deleteCompany', gone?.id);
    expect((await sync(['--only', 'companies'])).code).toBe(0);
    const found = new Map(
      (await exported('companies', '--deleted')).map(({ _mirror, id }) => [id, _mirror as Json]),
    );
    expect(found.get(quiet?.id)).toMatchObject({ listed: false, deleted_at: null });
    expect(found.get(gone?.id)?.deleted_at).not.toBeNull();
    await mutate(sandbox.url, 'setCompany', quiet?.id, { user_count: 3 });
  });

  it('survives a scroll that breaks (T13)', async () => {
    await mutate(sandbox.url, 'breakScroll', 2);
    const { code, json, stderr } = await sync(['--only', 'companies,contacts']);
    expect(code, stderr).toBe(0);
    expect(json.entities.companies?.listed).toBe(
      (await held('companies')).filter(({ user_count: users }) => Number(users) > 0).length,
    );
  });

  it.each([401, 403])(
    'goes on without what a scope forbids, says which, and asks once (T68, %i)',
    async (answer) => {
      await sync();
      await setBehaviour(sandbox.url, {
        missingScopes: ['read_tags', 'read_articles'],
        missingScopeStatus: answer,
      });
      const before = await asked('GET /tags');
      const { code, json, stderr } = await sync();
      expect(code, stderr).toBe(0);
      expect(json.incomplete).toEqual([]);
      for (const entity of ['tags', 'articles', 'collections', 'help_centers'])
        expect(json.entities[entity]?.skipped_reason, entity).toBe('INTERCOM_FORBIDDEN');
      expect(json.entities.conversations?.skipped_reason).toBeNull();
      expect((await asked('GET /tags')) - before).toBe(1);
      const tags = await stateOf('tags');
      expect(tags).toMatchObject({ access: 'no_permission', error: { code: 'INTERCOM_FORBIDDEN' } });
      expect(tags?.stored).toBeGreaterThan(0);
      expect(tags?.error?.remedy).toContain('"Read tags"');
      expect((await run(['status'])).stdout).toMatch(/^ {2}tags .*no permission .*"Read tags"/m);
      await setBehaviour(sandbox.url, CALM);
      expect((await sync(['--only', 'tags'])).json.entities.tags?.skipped_reason).toBeNull();
      expect(await stateOf('tags')).toMatchObject({ access: 'ok', error: null });
    },
  );

  it('goes on without what the plan does not have, and asks once (T69)', async () => {
    await setBehaviour(sandbox.url, { planRestricted: ['/articles', '/tickets'] });
    const before = [await asked('GET /articles'), await asked('POST /tickets/search')];
    const { code, json } = await sync();
    expect(code).toBe(0);
    expect(json.entities.articles?.skipped_reason).toBe('INTERCOM_PLAN');
    expect(json.entities.tickets?.skipped_reason).toBe('INTERCOM_PLAN');
    const after = [await asked('GET /articles'), await asked('POST /tickets/search')];
    expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([1, 1]);
    expect(await stateOf('articles')).toMatchObject({ access: 'plan', stored: 0 });
    const { coverage } = (await status()).metadata;
    expect(coverage.missing).toEqual(['tickets (not in the plan)', 'articles (not in the plan)']);
  });

  it('lists the conversations that tickets had hidden once they may be read (T20)', async () => {
    const tickets = await held('tickets');
    expect(tickets.length).toBeGreaterThan(3);
    await setBehaviour(sandbox.url, { missingScopes: ['read_tickets'] });
    const first = await sync();
    expect(first.code, first.stderr).toBe(0);
    expect(first.json.entities.tickets?.skipped_reason).toBe('INTERCOM_FORBIDDEN');
    const hidden = new Set(tickets.map(({ id }) => id));
    expect((await exported('conversations')).filter(({ id }) => hidden.has(id))).toEqual([]);
    const { metadata } = await status();
    expect(metadata.coverage.missing).toContain('tickets (no permission)');
    await sync();
    await setBehaviour(sandbox.url, CALM);
    const later = await sync();
    expect(later.code, later.stderr).toBe(0);
    expect((await exported('conversations')).filter(({ id }) => hidden.has(id))).toHaveLength(tickets.length);
    expect(await exported('tickets')).toHaveLength(tickets.length);
    expect((await status()).metadata.coverage).toMatchObject({ complete: true, missing: [] });
  });

  it('asks an older version for what it has, where it has it (T86)', async () => {
    const { code, json, stderr } = await sync([], { INTERCOM_API_VERSION: '2.15' });
    expect(code, stderr).toBe(0);
    expect(json.incomplete).toEqual([]);
    expect(json.entities.macros?.skipped_reason).toBe('INTERCOM_VERSION');
    expect((await status()).metadata.coverage).toMatchObject({ complete: true, missing: [] });
    const names = (await held('conversation_attributes')).map(({ name }) => name);
    expect(inWords((await exported('conversation_attributes')).map(({ name }) => name))).toEqual(
      inWords(names),
    );
    expect((await exported('data_attributes')).filter(({ model }) => model === 'conversation')).toEqual([]);
    const { coverage } = (await status()).metadata;
    expect(coverage).toMatchObject({ complete: true, missing: [] });
    expect(await stateOf('macros')).toMatchObject({ access: 'version' });
  });

  it('names an object that cannot be read, and mirrors the others', async () => {
    const before = (await held('tags')).length;
    await mutate(sandbox.url, 'put', 'tags', { type: 'tag', id: '', name: 'Nameless' });
    const { code, json } = await sync();
    expect(code).toBe(3);
    expect(json.incomplete).toEqual([{ entity: 'tags', id: '*', code: 'INTERCOM_BAD_BODY' }]);
    expect(json.entities.tags).toMatchObject({ listed: before, failed: 1 });
    await mutate(sandbox.url, 'drop', 'tags', '');
  });

  it('is whole after a kill in the middle', PATIENT, async () => {
    await setBehaviour(sandbox.url, { latencyMs: 25 });
    for (const share of [6, 14]) {
      const before = (await requestCounts(sandbox.url)).total;
      const first = startCli(['sync'], { env });
      while ((await requestCounts(sandbox.url)).total < before + share) await sleep(2);
      expect((await first.stop('SIGKILL')).signal).toBe('SIGKILL');
    }
    // The scroll of the killed process may be open still: then companies are listed the other way.
    await setBehaviour(sandbox.url, CALM);
    const { code, stderr } = await sync();
    expect(code, stderr).toBe(0);
    await expectMirrored(['articles', 'macros', 'tags', 'segments']);
  });
});
