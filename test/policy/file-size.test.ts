import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const MOST_LINES = 400;
const MEDIAN_LINES = 150;
/** A longer file says why in a line of its own. */
const REASON = /^\s*\/\/ long-file: \S+/m;

const root = join(import.meta.dirname, '../..');
const readAll = (...folders: string[]) =>
  globSync(
    folders.map((folder) => `${folder}/**/*.{ts,js,mjs}`),
    { cwd: root },
  ).map((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return { file, lines: text.split('\n').length - 1, hasReason: REASON.test(text) };
  });

test('no file is longer than 400 lines without a reason written in it', () => {
  const files = readAll('src', 'test', 'scripts', 'bench');
  expect(files.length).toBeGreaterThan(100);
  const tooLong = files.filter(({ lines, hasReason }) => lines > MOST_LINES && !hasReason);
  expect(tooLong.map(({ file, lines }) => `${file}: ${lines} lines`)).toEqual([]);
});

test('the median file of src has at most 150 lines', () => {
  const lines = readAll('src')
    .map((each) => each.lines)
    .sort((a, b) => a - b);
  expect(lines[Math.floor(lines.length / 2)]).toBeLessThanOrEqual(MEDIAN_LINES);
});
