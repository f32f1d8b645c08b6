import { expect, test } from 'vitest';
import { openSandbox, searchBody } from './support.ts';

test('the access log holds each request with its headers, body, answer and company', async () => {
  await using open = await openSandbox({ seed: 1, conversations: 5 }, { latencyMs: 300 });
  const body = searchBody({ field: 'created_at', perPage: 2 });
  await Promise.all([1, 2, 3].map(() => open.ask('POST /conversations/search?x=1', body)));
  await open.ask('GET /conversations/99');
  const log = open.sandbox.log();
  expect(log).toHaveLength(4);
  expect(log[0]).toMatchObject({
    count: 1,
    method: 'POST',
    path: '/conversations/search',
    query: '?x=1',
    body,
    status: 200,
    fault: null,
    headers: { 'intercom-version': '2.16', 'content-type': 'application/json' },
  });
  expect(log.map(({ inFlight }) => inFlight).sort((a, b) => a - b)).toEqual([1, 1, 2, 3]);
  expect(log[3]).toMatchObject({ count: 4, path: '/conversations/99', status: 404, inFlight: 1 });
  expect(log[0]?.bytes).toBeGreaterThan(500);
  expect(log[0]?.durationMs).toBeGreaterThanOrEqual(290);
});

test('tokens are blotted out', async () => {
  await using open = await openSandbox({ seed: 1, conversations: 5 });
  await open.ask('GET /me', undefined, { Authorization: 'Bearer s3cret-token' });
  const text = JSON.stringify(open.sandbox.log());
  expect(text).not.toContain('s3cret-token');
  expect(open.sandbox.log()[0]?.headers.authorization).toBe('Bearer …');
});

test('requests are counted by endpoint, ids left aside', async () => {
  await using open = await openSandbox({ seed: 1, conversations: 5 });
  const { conversations, contacts } = open.world;
  for (const index of [0, 1, 2]) await open.conversation(conversations.id(index));
  await open.ask(`GET /contacts/${contacts.id(0)}`);
  await open.ask('GET /conversations/deleted');
  await fetch(`${open.sandbox.url}/__sandbox/requests`);
  expect(open.sandbox.requests()).toEqual({
    total: 5,
    rateLimited: 0,
    byEndpoint: {
      'GET /conversations/{id}': 3,
      'GET /contacts/{id}': 1,
      'GET /conversations/deleted': 1,
    },
  });
});

test('whoever listens hears of each request', async () => {
  const heard: string[] = [];
  await using open = await openSandbox(
    { seed: 1, conversations: 5 },
    { accessLog: ({ method, path, status }) => heard.push(`${method} ${path} ${status}`) },
  );
  await open.ask('GET /tags');
  await open.ask('GET /nothing');
  expect(heard).toEqual(['GET /tags 200', 'GET /nothing 404']);
});
