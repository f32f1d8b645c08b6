import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '../../src/sandbox/world.ts';
import { openSandbox } from './support.ts';

const SECRET = 'client-secret';

interface Received {
  readonly body: string;
  readonly signature: string | undefined;
  readonly event: {
    readonly id: string;
    readonly topic: string;
    readonly app_id: string;
    readonly delivery_attempts: number;
    readonly data: { readonly item: JsonObject };
  };
}

/** A server that takes notifications, and answers with the status that the test says. */
const openReceiver = async (statusOf: (received: Received) => number = () => 200) => {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const signature = request.headers['x-hub-signature'] as string | undefined;
      const entry: Received = { body, signature, event: JSON.parse(body) as Received['event'] };
      received.push(entry);
      response.writeHead(statusOf(entry)).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/intercom`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

const start = async (url: string, settings: Record<string, unknown> = {}) => {
  const open = await openSandbox({ seed: 33, conversations: 30 });
  open.sandbox.set({ webhookUrl: url, webhookSecret: SECRET, webhookRetryMs: 5, ...settings });
  const settled = () =>
    vi.waitFor(
      () => {
        if (open.sandbox.webhooks().pending > 0) throw new Error('notifications are under way');
      },
      { timeout: 30_000 },
    );
  return { open, settled };
};

describe('webhooks', () => {
  test('tell of a reply, signed over the raw bytes, with that part alone', async () => {
    await using receiver = await openReceiver();
    const { open, settled } = await start(receiver.url);
    await using _sandbox = open;
    const id = open.world.conversations.id(1);
    const partId = open.sandbox.mutate.reply(id, { body: '<p>Grüße 🚚</p>' });
    await settled();
    const [first] = receiver.received;
    const digest = createHmac('sha1', SECRET)
      .update(Buffer.from(first?.body ?? ''))
      .digest('hex');
    expect(first?.signature).toBe(`sha1=${digest}`);
    expect(first?.event).toMatchObject({
      type: 'notification_event',
      topic: 'conversation.user.replied',
      app_id: 'sandbox33',
      delivery_attempts: 1,
      data: { item: { type: 'conversation', id } },
    });
    const list = first?.event.data.item.conversation_parts as { conversation_parts: { id: string }[] };
    expect(list.conversation_parts.map((part) => part.id)).toEqual([partId]);
  });

  test('name what happened', async () => {
    await using receiver = await openReceiver();
    const { open, settled } = await start(receiver.url);
    await using _sandbox = open;
    const { mutate } = open.sandbox;
    const [one = '', two = ''] = [1, 2].map((index) => open.world.conversations.id(index));
    mutate.addConversation();
    mutate.reply(one, { body: 'x', author: 'admin', part_type: 'note' });
    mutate.reply(one, { body: 'x', author: 'admin', part_type: 'close' });
    mutate.reply(one, { body: 'x', author: 'bot' });
    mutate.redact(one, mutate.reply(one, { body: 'x' }));
    mutate.setTags(one, []);
    mutate.delete(two);
    mutate.setTicketState(mutate.addTicket(), 'resolved');
    mutate.mergeContact(mutate.addContact({ role: 'user' }), mutate.addContact({ role: 'lead' }));
    mutate.setCompany(mutate.addCompany(), { name: 'x' });
    mutate.put('articles', { id: '120', title: 'x' });
    mutate.drop('articles', '121');
    mutate.drop('admins', '5017003');
    await settled();
    expect(receiver.received.map(({ event }) => event.topic).toSorted()).toEqual(
      [
        'admin.removed_from_workspace',
        'article.deleted',
        'article.updated',
        'company.created',
        'company.updated',
        'contact.lead.created',
        'contact.merged',
        'contact.user.created',
        'conversation.admin.closed',
        'conversation.admin.noted',
        'conversation.deleted',
        'conversation.operator.replied',
        'conversation.user.created',
        'conversation.user.replied',
        'conversation_part.redacted',
        'conversation_part.tag.created',
        'ticket.created',
        'ticket.state.updated',
      ].toSorted(),
    );
    const deleted = receiver.received.find(({ event }) => event.topic === 'conversation.deleted');
    expect(deleted?.event.data.item).toEqual({ type: 'conversation', id: two });
  });

  test('are sent once more after a failure, and are lost then', async () => {
    await using receiver = await openReceiver(({ event }) =>
      event.data.item.type === 'company' && event.delivery_attempts === 2 ? 200 : 500,
    );
    const { open, settled } = await start(receiver.url);
    await using _sandbox = open;
    open.sandbox.mutate.touch(open.world.conversations.id(0));
    open.sandbox.mutate.addCompany();
    open.sandbox.mutate.addContact();
    await settled();
    expect(open.sandbox.webhooks()).toMatchObject({
      told: 2,
      delivered: 1,
      failed: 1,
      retried: 2,
      disabled: false,
    });
    const attempts = receiver.received.map(({ event }) => event.delivery_attempts);
    expect(attempts.toSorted((a, b) => a - b)).toEqual([1, 1, 2, 2]);
    expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(2);
  });

  test('end for good at 410', async () => {
    await using receiver = await openReceiver(() => 410);
    const { open, settled } = await start(receiver.url);
    await using _sandbox = open;
    open.sandbox.mutate.addContact();
    await settled();
    open.sandbox.mutate.addContact();
    await settled();
    expect(receiver.received).toHaveLength(1);
    expect(open.sandbox.webhooks()).toMatchObject({ told: 1, failed: 1, disabled: true });
  });

  test('get lost and come twice as often as is set, the same ones each time', async () => {
    const runs = [];
    for (let run = 0; run < 2; run += 1) {
      await using receiver = await openReceiver();
      const { open, settled } = await start(receiver.url, { webhookDropShare: 0.3, webhookRepeatShare: 0.2 });
      await using _sandbox = open;
      for (let change = 0; change < 100; change += 1) open.sandbox.mutate.addContact({ name: `n${change}` });
      await settled();
      const response = await fetch(`${open.sandbox.url}/__sandbox/webhooks`);
      const counts = (await response.json()) as { dropped: number; told: number };
      expect(counts.told).toBe(100);
      expect(counts.dropped).toBeGreaterThan(15);
      expect(counts.dropped).toBeLessThan(45);
      runs.push(receiver.received.map(({ event }) => event.id).toSorted());
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(new Set(runs[0]).size).toBeLessThan(runs[0]?.length ?? 0);
  });
});
