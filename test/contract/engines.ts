import { join } from 'node:path';
import { describe } from 'vitest';
import { type OpenedStore, openStore } from '../../src/storage/open-store.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { createTestDatabase, describeWithPostgres } from '../support/postgres.ts';
import { createTempDir } from '../support/temp-dir.ts';

/** A fresh, empty place for one mirror; `open` may be called again and again on it. */
export interface TestPlace {
  readonly url: string;
  open(mode?: 'readWrite' | 'readOnly'): Promise<OpenedStore>;
  drop(): Promise<void>;
}

const place = (url: string, drop: () => Promise<void>): TestPlace => {
  const opened: OpenedStore[] = [];
  return {
    url,
    async open(mode = 'readWrite') {
      const store = await openStore({ url, mode, logger: silentLogger });
      opened.push(store);
      return store;
    },
    async drop() {
      await Promise.all(opened.map((store) => store.close()));
      await drop();
    },
  };
};

export const ENGINES = [
  {
    name: 'sqlite',
    async create(): Promise<TestPlace> {
      const dir = await createTempDir();
      return place(`sqlite:${join(dir.path, 'mirror.db')}`, () => dir.remove());
    },
  },
  {
    name: 'postgres',
    async create(): Promise<TestPlace> {
      const database = await createTestDatabase();
      return place(database.url, () => database.drop());
    },
  },
] as const;

/** Registers a suite once per engine: what holds for one must hold for the other. */
export const describeEngines = (name: string, suite: (create: () => Promise<TestPlace>) => void): void => {
  for (const engine of ENGINES) {
    const register = engine.name === 'postgres' ? describeWithPostgres : describe;
    register(`${name} [${engine.name}]`, () => suite(engine.create));
  }
};
