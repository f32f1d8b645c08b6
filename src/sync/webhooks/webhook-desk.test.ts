import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../data/store.ts';
import type { WriteArgs } from '../../data/store.ts';
import { AppError } from '../../errors/app-error.ts';
import { silentLogger } from '../../telemetry/logger.ts';
import { createWebhookDesk } from './webhook-desk.ts';

const NOW = 1_790_000_000;
const SECRET = 'secret';

/** A database that answers when it is told to. */
const slowStore = () => {
  const free = Promise.withResolvers<void>();
  const written: WriteArgs<'putWakes'>[] = [];
  let bound: string | null = 'ws';
  let failures = 0;
  const store = {
    read: async () => {
      await free.promise;
      return bound === null ? null : { id: bound, name: null, region: null, time_zone: 'UTC' };
    },
    write: async (_name: string, args: WriteArgs<'putWakes'>) => {
      await free.promise;
      if (failures > 0) {
        failures -= 1;
        throw new AppError('STORE_BUSY');
      }
      written.push(args);
    },
  } as unknown as Pick<Store, 'read' | 'write'>;
  return {
    store,
    written,
    free: () => free.resolve(),
    bind: (id: string | null) => {
      bound = id;
    },
    fail: (times: number) => {
      failures = times;
    },
    /** Resolves when so many objects were written. */
    async until(count: number) {
      while (written.flatMap(({ wakes }) => wakes).length < count)
        await new Promise((resolve) => setTimeout(resolve, 5));
      return written.flatMap(({ wakes }) => wakes.map(({ id }) => id));
    },
  };
};

const setUp = (secrets = [SECRET]) => {
  const database = slowStore();
  let genuine = 0;
  const desk = createWebhookDesk({
    store: database.store,
    sources: secrets.map((secret, index) => ({ alias: `alias${index}`, secret })),
    clock: { now: () => NOW * 1000 },
    logger: silentLogger,
    onGenuine: () => {
      genuine += 1;
    },
  });
  const send = (id: string, more: Record<string, unknown> = {}, secret = SECRET): number => {
    const body = Buffer.from(
      JSON.stringify({
        id: `notif_${id}_${Math.random()}`,
        topic: 'conversation.user.replied',
        app_id: 'ws',
        created_at: NOW,
        data: { item: { type: 'conversation', id } },
        ...more,
      }),
    );
    const signature = `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`;
    return desk.receive({ body, signature }).status;
  };
  return { ...database, desk, send, genuine: () => genuine };
};

describe('the desk for webhooks', () => {
  it('answers before the database does, and notes each object once', async () => {
    const { free, send, until, written } = setUp();
    for (const id of ['1', '2', '1', '1', '3']) expect(send(id)).toBe(200);
    expect(written).toEqual([]);
    free();
    expect((await until(3)).toSorted()).toEqual(['1', '2', '3']);
  });

  it('notes again what is announced again after it was noted', async () => {
    const { free, send, until } = setUp();
    free();
    send('1');
    await until(1);
    send('1');
    expect(await until(2)).toEqual(['1', '1']);
  });

  it('tries again when the database refuses', async () => {
    const { fail, free, send, until } = setUp();
    fail(1);
    free();
    send('1');
    expect(await until(1)).toEqual(['1']);
  });

  it('keeps what comes before the workspace is bound, and drops what is of another one then', async () => {
    const { bind, free, send, until } = setUp();
    bind(null);
    free();
    expect(send('1')).toBe(200);
    expect(send('2', { app_id: 'stranger' })).toBe(200);
    bind('ws');
    expect(await until(1)).toEqual(['1']);
    expect(send('3', { app_id: 'stranger' })).toBe(401);
  });

  it.each([
    ['of three hours ago', NOW - 10_800, 200],
    ['older than that', NOW - 10_801, 401],
    ['of a clock that runs ahead', NOW + 300, 200],
    ['of the far future', NOW + 4_000, 401],
  ])('one %s', (_name, createdAt, status) => {
    expect(setUp().send('1', { created_at: createdAt })).toBe(status);
  });

  it('takes the same notification once', async () => {
    const { free, send, until, written } = setUp();
    free();
    send('1', { id: 'notif_same' });
    await until(1);
    expect(send('1', { id: 'notif_same' })).toBe(200);
    send('2');
    await until(2);
    expect(written.flatMap(({ wakes }) => wakes.map(({ id }) => id))).toEqual(['1', '2']);
  });

  it('remembers a bounded number while the database is away', async () => {
    const { free, send, until } = setUp();
    for (let id = 1; id <= 10_050; id += 1) expect(send(`${id}`)).toBe(200);
    free();
    const ids = await until(10_000);
    expect(ids).toHaveLength(10_000);
  });

  it('knows whose secret it was', () => {
    const { genuine, send } = setUp([SECRET, 'second']);
    expect(send('1', {}, 'second')).toBe(200);
    expect(send('1', {}, 'third')).toBe(401);
    expect(genuine()).toBe(1);
  });

  it('writes what is left when it closes', async () => {
    const { desk, free, send, written } = setUp();
    send('1');
    free();
    await desk.close();
    expect(written.flatMap(({ wakes }) => wakes)).toHaveLength(1);
  });
});
