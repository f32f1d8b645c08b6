import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OPERATIONS } from '../../scripts/openapi/operations.ts';
import { DESCRIPTION_FILE, TRIMMED_FILE, trimDescription } from '../../scripts/openapi/trim.ts';
import { describeWithShared } from '../support/shared.ts';
import { operationsOf, readDescription } from './description.ts';

const MOST_BYTES = 250_000;
const committed = readFileSync(TRIMMED_FILE, 'utf8');

test('the trimmed description holds the operations that we use, names its source, and is small', () => {
  const description = readDescription();
  expect([...operationsOf(description).keys()].sort()).toEqual([...OPERATIONS].sort());
  expect(description['x-source']).toMatchObject({ repository: 'intercom/Intercom-OpenAPI', version: '2.16' });
  expect(committed.length).toBeLessThan(MOST_BYTES);
});

test('every schema that the trimmed description refers to is in it, and none besides', () => {
  const referred = new Set(
    [...committed.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name),
  );
  expect(referred).toEqual(new Set(Object.keys(readDescription().components.schemas)));
});

test('the notice of the licence is beside it', () => {
  const notice = readFileSync(join(TRIMMED_FILE, '../NOTICE.md'), 'utf8');
  expect(notice).toContain('Copyright (c) 2022 Intercom, Inc.');
  expect(notice).toContain('Permission is hereby granted, free of charge');
});

describeWithShared('the whole description', (shared) => {
  test('gives the same file when it is trimmed again', () => {
    const yaml = readFileSync(join(shared, DESCRIPTION_FILE), 'utf8');
    expect(trimDescription(yaml) === committed, 'run: npm run openapi').toBe(true);
  });

  test('has the licence that the notice repeats', () => {
    const licence = readFileSync(join(shared, 'intercom/openapi-LICENSE.md'), 'utf8').trim();
    expect(readFileSync(join(TRIMMED_FILE, '../NOTICE.md'), 'utf8')).toContain(licence);
  });
});
