import { afterEach, describe, expect, it } from 'vitest';
import type { Region } from '../../src/intercom/region.ts';
import { createRegionalClient } from '../../src/intercom/regional-client.ts';
import { identifyWorkspace } from '../../src/sync/identify.ts';
import {
  isPage,
  type ScriptedServer,
  sendError,
  sendJson,
  startScripted,
  testClient,
} from './scripted-server.ts';

const servers: ScriptedServer[] = [];
const clients: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** What a region's host says to the token: the app it belongs to, or the status of a refusal. */
type Says = { readonly id: string; readonly region: string | null } | number;

const regions = async (says: Readonly<Record<Region, Says>>, start: Region = 'us') => {
  const hosts = {} as Record<Region, string>;
  const seen = {} as Record<Region, ScriptedServer['seen']>;
  for (const region of ['us', 'eu', 'au'] as const) {
    const server = await startScripted(({ url }, response) => {
      const answer = says[region];
      if (typeof answer === 'number') sendError(response, answer, 'unauthorized');
      else if (url !== '/me') sendJson(response, { type: 'list' });
      else sendJson(response, { app: { id_code: answer.id, region: answer.region, timezone: 'UTC' } });
    });
    servers.push(server);
    hosts[region] = server.url;
    ({ seen: seen[region] } = server);
  }
  const client = createRegionalClient({
    hosts,
    start,
    clientFor: (url) => testClient(url, { maxAttempts: 2 }),
  });
  clients.push(client);
  return {
    client,
    /** Paths that each host was asked for. */
    asked: () =>
      Object.fromEntries(Object.entries(seen).map(([region, all]) => [region, all.map(({ url }) => url)])),
  };
};

const EU = { id: 'w', region: 'EU' };

describe('T53: the host of a workspace', () => {
  it('is found where the first one refuses the token, and then used for everything', async () => {
    const { asked, client } = await regions({ us: 401, eu: EU, au: 401 });
    const { workspace } = await identifyWorkspace(client);
    expect(workspace).toMatchObject({ id: 'w', region: 'EU' });
    await client.request('GET', '/tags', { expect: isPage });
    await identifyWorkspace(client);
    expect(asked()).toEqual({ us: ['/me'], eu: ['/me', '/tags', '/me'], au: ['/me'] });
    expect(client.stats()).toMatchObject({ requests: 5, failed: 2 });
  });

  it('is where it was found before, without asking the others', async () => {
    const { asked, client } = await regions({ us: 401, eu: EU, au: 401 }, 'eu');
    await identifyWorkspace(client);
    expect(asked()).toEqual({ us: [], eu: ['/me'], au: [] });
  });

  it('is that of app.region where Intercom routed the request from another one', async () => {
    const { asked, client } = await regions({ us: EU, eu: EU, au: 401 });
    await identifyWorkspace(client);
    await client.request('GET', '/tags', { expect: isPage });
    expect(asked()).toEqual({ us: ['/me'], eu: ['/me', '/tags'], au: [] });
  });

  it.each([
    ['does not take the token', 401],
    ['is out of order', 503],
    ['knows another workspace', { id: 'other', region: 'EU' }],
  ])('stays where the token was accepted when the one of app.region %s', async (_name, eu) => {
    const { asked, client } = await regions({ us: EU, eu, au: 401 });
    expect((await identifyWorkspace(client)).workspace.id).toBe('w');
    await client.request('GET', '/tags', { expect: isPage });
    expect(asked().us).toEqual(['/me', '/tags']);
  });

  it('is not found where none takes the token: each is asked once, and the refusal is what comes out', async () => {
    const { asked, client } = await regions({ us: 401, eu: 401, au: 401 });
    await expect(identifyWorkspace(client)).rejects.toMatchObject({ code: 'INTERCOM_UNAUTHORIZED' });
    expect(asked()).toEqual({ us: ['/me'], eu: ['/me'], au: ['/me'] });
  });

  it('is looked for after no other failure than a refusal', async () => {
    const { asked, client } = await regions({ us: 503, eu: EU, au: 401 });
    await expect(identifyWorkspace(client)).rejects.toMatchObject({ code: 'INTERCOM_SERVER_ERROR' });
    expect(asked()).toMatchObject({ eu: [], au: [] });
  });

  it('is not left again when the token dies later', async () => {
    const says: Record<Region, Says> = { us: 401, eu: EU, au: 401 };
    const { asked, client } = await regions(says);
    await identifyWorkspace(client);
    says.eu = 401;
    await expect(identifyWorkspace(client)).rejects.toMatchObject({ code: 'INTERCOM_UNAUTHORIZED' });
    expect(asked()).toEqual({ us: ['/me'], eu: ['/me', '/me'], au: ['/me'] });
  });
});
