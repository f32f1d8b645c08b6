import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { configureNetwork } from '../../src/intercom/network.ts';
import { isPage, testClient, TOKEN } from './scripted-server.ts';
import { makeTestCa } from './test-ca.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0).reverse()) step();
});

const listen = async (server: Server): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
};

const { ca, cert, key } = makeTestCa();

const startTls = async (): Promise<string> => {
  const server = createHttpsServer({ cert, key }, (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"type":"list"}');
  });
  return `https://127.0.0.1:${await listen(server)}`;
};

/** A proxy that records whom it was asked to reach, and what it could read. */
const startProxy = async (): Promise<{ url: string; asked: string[]; readable: string[] }> => {
  const asked: string[] = [];
  const readable: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"type":"list"}');
  });
  server.on('connect', (request, socket: Socket) => {
    asked.push(request.url ?? '');
    readable.push(JSON.stringify(request.headers));
    const { hostname, port } = new URL(`http://${request.url}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, asked, readable };
};

const caFile = (content: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'fast-intercom-ca-'));
  undo.push(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'ca.pem'), content);
  return join(folder, 'ca.pem');
};

const apply = (options: Parameters<typeof configureNetwork>[0]): void => {
  undo.push(configureNetwork(options));
};

test('a server with an unknown authority is refused at once; the extra CA file makes it trusted', async () => {
  const url = await startTls();
  const client = testClient(url);
  await expect(client.request('GET', '/me', { expect: isPage })).rejects.toMatchObject({
    code: 'INTERCOM_UNREACHABLE',
    message: expect.stringContaining('certificate'),
  });
  expect(client.stats().requests).toBe(1);
  apply({ extraCaFile: caFile(ca) });
  await expect(testClient(url).request('GET', '/me', { expect: isPage })).resolves.toMatchObject({
    status: 200,
  });
});

test('https goes through the proxy by CONNECT, and the proxy never sees the token', async () => {
  const url = await startTls();
  const proxy = await startProxy();
  apply({ httpsProxy: proxy.url, extraCaFile: caFile(ca) });
  await expect(testClient(url).request('GET', '/me', { expect: isPage })).resolves.toMatchObject({
    status: 200,
  });
  expect(proxy.asked).toEqual([new URL(url).host]);
  expect(proxy.readable.join()).not.toContain(TOKEN);
});

test('a proxy without a scheme is an http proxy', async () => {
  const url = await startTls();
  const proxy = await startProxy();
  apply({ httpsProxy: new URL(proxy.url).host, extraCaFile: caFile(ca) });
  await testClient(url).request('GET', '/me', { expect: isPage });
  expect(proxy.asked).toHaveLength(1);
});

test('hosts in NO_PROXY are reached directly', async () => {
  const url = await startTls();
  const proxy = await startProxy();
  apply({
    httpProxy: proxy.url,
    httpsProxy: proxy.url,
    noProxy: 'example.org,127.0.0.1',
    extraCaFile: caFile(ca),
  });
  await testClient(url).request('GET', '/me', { expect: isPage });
  expect(proxy.asked).toEqual([]);
});

test('http goes through the http proxy', async () => {
  const target = createServer((_request, response) => response.end('{"type":"list"}'));
  const url = `http://127.0.0.1:${await listen(target)}`;
  const proxy = await startProxy();
  apply({ httpProxy: proxy.url });
  await testClient(url).request('GET', '/me', { expect: isPage });
  expect(proxy.asked).toHaveLength(1);
});

test('a proxy that refuses is INTERCOM_UNREACHABLE', async () => {
  const url = await startTls();
  const refusing = createServer();
  refusing.on('connect', (_request, socket: Socket) =>
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
  );
  apply({ httpsProxy: `http://127.0.0.1:${await listen(refusing)}`, extraCaFile: caFile(ca) });
  await expect(testClient(url).request('GET', '/me', { expect: isPage })).rejects.toMatchObject({
    code: 'INTERCOM_UNREACHABLE',
  });
});

test('what cannot be used is CONFIG_INVALID, and a password is not repeated', () => {
  const invalid = expect.objectContaining({ code: 'CONFIG_INVALID' });
  expect(() => configureNetwork({ httpsProxy: 'socks5://user:hush@127.0.0.1:1' })).toThrow(invalid);
  expect(() => configureNetwork({ httpsProxy: 'socks5://user:hush@127.0.0.1:1' })).toThrow(/^(?!.*hush).*$/);
  expect(() => configureNetwork({ extraCaFile: join(tmpdir(), 'no-such-file.pem') })).toThrow(invalid);
  expect(() => configureNetwork({ extraCaFile: caFile('not a certificate') })).toThrow(invalid);
  expect(() => configureNetwork({ extraCaFile: caFile(ca.replace('\nMI', '\nXX')) })).toThrow(invalid);
});
