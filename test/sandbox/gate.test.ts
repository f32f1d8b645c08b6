import { describe, expect, test } from 'vitest';
import { openSandbox, searchBody } from './support.ts';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const RATE = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'];

describe('every error', () => {
  test.each<[string, string, unknown, Record<string, string>, number, string]>([
    ['no token', 'GET /me', undefined, { Authorization: '' }, 401, 'unauthorized'],
    ['another scheme', 'GET /me', undefined, { Authorization: 'Basic abc' }, 401, 'unauthorized'],
    ['a refused token', 'GET /me', undefined, { Authorization: 'Bearer revoked-1' }, 401, 'unauthorized'],
    ['a token of nobody on an unknown path', 'GET /x', undefined, { Authorization: '' }, 401, 'unauthorized'],
    [
      'an unknown version',
      'GET /me',
      undefined,
      { 'Intercom-Version': '3.0' },
      400,
      'intercom_version_invalid',
    ],
    ['no version', 'GET /me', undefined, { 'Intercom-Version': '' }, 400, 'intercom_version_invalid'],
    ['the wrong Accept', 'GET /me', undefined, { Accept: 'text/html' }, 406, 'not_acceptable'],
    ['an unknown path', 'GET /nothing', undefined, {}, 404, 'not_found'],
    ['an unknown conversation', 'GET /conversations/12', undefined, {}, 404, 'conversation_not_found'],
    ['an unknown contact', 'GET /contacts/12', undefined, {}, 404, 'not_found'],
    ['an unknown company', 'GET /companies/12', undefined, {}, 404, 'company_not_found'],
    [
      'an id that cannot be decoded',
      'GET /conversations/%E0%A4%A',
      undefined,
      {},
      404,
      'conversation_not_found',
    ],
    ['a method of another operation', 'DELETE /tags', undefined, {}, 405, 'method_not_allowed'],
    ['a GET of a search', 'GET /conversations/search', undefined, {}, 405, 'method_not_allowed'],
    [
      'a body that is too large',
      'POST /conversations/search',
      { x: 'y'.repeat(1_100_000) },
      {},
      422,
      'parameter_invalid',
    ],
    ['a body that is a list', 'POST /conversations/search', [1], {}, 400, 'parameter_invalid'],
  ])('%s: in the envelope, with a request id', async (_name, target, body, headers, status, code) => {
    await using open = await openSandbox({ seed: 2, conversations: 3 });
    const answer = await open.ask(target, body, headers);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({
      type: 'error.list',
      request_id: expect.stringMatching(UUID),
      errors: [{ code, message: expect.stringMatching(/\w/) }],
    });
    expect(answer.headers.get('x-request-id')).toBe(
      (answer.json as unknown as { request_id: string }).request_id,
    );
    // Rate headers come with valid credentials only (API-FACTS 2.3).
    expect(RATE.filter((name) => answer.headers.has(name))).toEqual(status === 401 ? [] : RATE);
  });

  test('a body that is no JSON', async () => {
    await using open = await openSandbox({ seed: 2, conversations: 3 });
    const response = await fetch(`${open.sandbox.url}/conversations/search`, {
      method: 'POST',
      headers: { Authorization: 'Bearer x', Accept: '*/*', 'Intercom-Version': '2.16' },
      body: '{"query":',
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ errors: [{ code: 'parameter_invalid', message: 'The body is not JSON' }] }),
    ]);
  });

  test('405 names what is allowed', async () => {
    await using open = await openSandbox({ seed: 2, conversations: 3 });
    expect((await open.ask('PUT /conversations')).headers.get('allow')).toBe('GET');
  });
});

describe('the version', () => {
  test('has what came with 2.16 from 2.16 on', async () => {
    await using open = await openSandbox({ seed: 2, conversations: 3 });
    const { contacts } = open.world;
    open.sandbox.mutate.mergeContact(contacts.id(0), contacts.id(1));
    const statuses = async (version: string): Promise<number[]> => {
      const headers = { 'Intercom-Version': version };
      const targets = ['GET /me', 'GET /conversations/deleted', `GET /contacts/${contacts.id(0)}`];
      return Promise.all(targets.map(async (target) => (await open.ask(target, undefined, headers)).status));
    };
    expect(await statuses('2.15')).toEqual([200, 400, 404]);
    expect(await statuses('2.16')).toEqual([200, 200, 410]);
    expect(await statuses('Preview')).toEqual([200, 200, 410]);
  });

  test('stands on the answer', async () => {
    await using open = await openSandbox({ seed: 2, conversations: 3 });
    expect((await open.ask('GET /me')).headers.get('intercom-version')).toBe('2.16');
  });
});

test('GET /me tells workspace, region and zone; some tokens belong to another workspace', async () => {
  await using open = await openSandbox({ seed: 2, conversations: 3, timeZone: 'Australia/Sydney' });
  const me = await open.ask('GET /me');
  expect(me.json).toMatchObject({
    type: 'admin',
    app: { type: 'app', id_code: 'sandbox2', region: 'US', timezone: 'Australia/Sydney' },
  });
  const other = await open.ask('GET /me', undefined, { Authorization: 'Bearer workspace-b' });
  expect(other.json).toMatchObject({ app: { id_code: 'other-b' } });
});

test('small tables come whole, without pages', async () => {
  await using open = await openSandbox({ seed: 2, conversations: 3 });
  for (const [target, key, type] of [
    ['GET /admins', 'admins', 'admin'],
    ['GET /teams', 'teams', 'team'],
    ['GET /tags', 'data', 'tag'],
  ] as const) {
    const json = (await open.ask(target)).json as unknown as Record<string, { type: string; id: string }[]>;
    expect(json).not.toHaveProperty('pages');
    expect(json[key]?.length).toBeGreaterThan(3);
    for (const item of json[key] ?? []) expect([item.type, typeof item.id]).toEqual([type, 'string']);
  }
});

test('long answers are packed for those who can unpack them', async () => {
  await using open = await openSandbox({ seed: 2, conversations: 60 });
  const packed = await open.ask('POST /conversations/search', searchBody({}), { 'Accept-Encoding': 'gzip' });
  const plain = await open.ask('POST /conversations/search', searchBody({}), {
    'Accept-Encoding': 'identity',
  });
  expect([packed.headers.get('content-encoding'), plain.headers.get('content-encoding')]).toEqual([
    'gzip',
    null,
  ]);
  expect(packed.json).toEqual(plain.json);
});
