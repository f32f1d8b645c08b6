import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { describe, test } from 'vitest';
import { NEEDS_POSTGRES_MARK } from './skip-marks.ts';

/** A fresh database on the server that the test command started; dropped by `drop`. */
export const createTestDatabase = async (): Promise<{ readonly url: string; drop(): Promise<void> }> => {
  const server = process.env.TEST_POSTGRES_URL;
  if (server === undefined) throw new Error('TEST_POSTGRES_URL is not set: run the tests with npm test');
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const onServer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await onServer(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`drop database if exists ${name} with (force)`) };
};

/**
 * A suite that needs a PostgreSQL server. Where none could be provided, one skipped test of that name stands in its
 * place; `.ci/run` counts that as failed.
 */
export const describeWithPostgres = (name: string, suite: () => void): void => {
  if (process.env.TEST_POSTGRES_URL === undefined)
    test.skip(`${name} ${NEEDS_POSTGRES_MARK}`, () => undefined);
  else describe(name, suite);
};
