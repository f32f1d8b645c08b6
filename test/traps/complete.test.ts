import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWithShared } from '../support/shared.ts';

/** Traps whose features are not built yet. The list shrinks; a number that has a test may not stand here. */
const NOT_YET: readonly string[] = [];

/** Numbers in the titles of tests: `it('T01 …')`, `it.each(…)('T01 …')`. */
const tested = (): string[] => {
  const files = globSync('*.test.ts', { cwd: import.meta.dirname });
  const titles = files.flatMap((file) =>
    [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/\(\s*['`](T\d\d) /g)].map(
      (match) => match[1] ?? '',
    ),
  );
  return [...new Set(titles)].toSorted();
};

describeWithShared('every trap of TRAPS.md', (shared) => {
  const text = readFileSync(join(shared, 'intercom/TRAPS.md'), 'utf8');
  const numbers = [...text.matchAll(/^\*\*(T\d\d)\b/gm)].map((match) => match[1] ?? '');

  test('is read from the list', () => expect(numbers.length).toBeGreaterThan(60));

  test('has a test, or is named as not built yet', () => {
    const known = new Set([...tested(), ...NOT_YET]);
    expect(numbers.filter((number) => !known.has(number))).toEqual([]);
  });

  test('is not named as missing once it has a test', () => {
    expect(tested().filter((number) => NOT_YET.includes(number))).toEqual([]);
    expect(NOT_YET.filter((number) => !numbers.includes(number))).toEqual([]);
  });

  test('has no test under a number that is none', () => {
    expect(tested().filter((number) => !numbers.includes(number))).toEqual([]);
  });
});
