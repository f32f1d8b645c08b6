import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planFromJson } from '../../src/sandbox/fault-plan.ts';
import { DEFAULT_SETTINGS, withSettings } from '../../src/sandbox/settings.ts';
import { describeWithShared } from '../support/shared.ts';
import { openSandbox } from './support.ts';

const rows = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| T\d/.test(line));

/** What stands behind a letter in code: `S {…}`. */
const bodiesOf = (letter: string): Record<string, unknown>[] =>
  rows
    .flatMap((row) => [...row.matchAll(new RegExp(`\\b${letter} \`(\\{.*?\\})\``, 'g'))])
    .map(([, json = '']) => json.replaceAll(/<n of [^>]*>/g, '7').replace('http://…', 'http://127.0.0.1:1'))
    .map((json) => JSON.parse(json) as Record<string, unknown>);

test('settings, faults and operations of the table are ones that the sandbox takes', async () => {
  const settings = bodiesOf('S');
  expect(settings.length).toBeGreaterThan(20);
  for (const body of settings) expect(withSettings(DEFAULT_SETTINGS, body)).toMatchObject(body);
  const faults = bodiesOf('F');
  expect(faults.length).toBeGreaterThan(12);
  for (const body of faults) expect(planFromJson(body), JSON.stringify(body)).toBeTypeOf('function');
  await using open = await openSandbox({ seed: 1, conversations: 3 });
  const operations = bodiesOf('M');
  expect(operations.length).toBeGreaterThan(12);
  for (const { op } of operations) expect(open.sandbox.mutate).toHaveProperty(String(op));
});

describeWithShared('the list of traps', (shared) => {
  test('has no trap that the table leaves out', () => {
    const traps = readFileSync(join(shared, 'intercom/TRAPS.md'), 'utf8');
    const numbers = [...traps.matchAll(/^\*\*T(\d+) /gm)].map(([, number]) => Number(number));
    const covered = rows.flatMap((row) => {
      const [, first, last] = /^\| T(\d+)(?:–T(\d+))?/.exec(row) ?? [];
      const length = Number(last ?? first) - Number(first) + 1;
      return Array.from({ length }, (_, offset) => Number(first) + offset);
    });
    expect(numbers.length).toBeGreaterThan(50);
    expect(numbers.filter((number) => !covered.includes(number))).toEqual([]);
  });
});
