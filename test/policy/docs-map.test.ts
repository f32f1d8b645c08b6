import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const map = readFileSync(join(root, 'docs/map.md'), 'utf8');
/** Rows look like: | `src/lib/text` | what it does | */
const rows = [...map.matchAll(/^\| `src\/([^`]+?)\/?` \|\s*(.*?)\s*\|/gm)].map(([, folder, text]) => ({
  folder,
  text,
}));
const folders = globSync('**/*', { cwd: join(root, 'src') }).filter((path) =>
  statSync(join(root, 'src', path)).isDirectory(),
);
/** Folders that are each a case of one kind are described by the kind: `entities/<name>`. */
const KINDS: readonly (readonly [RegExp, string])[] = [[/^entities\/[^/]+$/, 'entities/<name>']];
const rowOf = (folder: string): string => KINDS.find(([kind]) => kind.test(folder))?.[1] ?? folder;

test('every folder under src has a row', () => {
  expect(folders.length).toBeGreaterThan(10);
  const described = new Set(rows.map(({ folder }) => folder));
  expect(folders.filter((folder) => !described.has(rowOf(folder)))).toEqual([]);
});

test('every row is a folder, once, and says something', () => {
  const existing = new Set(folders.map(rowOf));
  expect(rows.filter(({ folder }) => folder === undefined || !existing.has(folder))).toEqual([]);
  expect(new Set(rows.map(({ folder }) => folder)).size).toBe(rows.length);
  expect(rows.filter(({ text }) => (text?.length ?? 0) < 20)).toEqual([]);
});

test('every file that the map, the recipes and the decisions link to exists', () => {
  const pages = ['AGENTS.md', 'CONTRIBUTING.md', 'SECURITY.md', ...globSync('docs/**/*.md', { cwd: root })];
  const broken = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|mailto:|#)([^)#]+)/g)]
      .map(([, target]) => join(root, page, '..', target ?? ''))
      .filter((target) => statSync(target, { throwIfNoEntry: false }) === undefined)
      .map((target) => `${page} → ${target}`),
  );
  expect(pages.length).toBeGreaterThan(5);
  expect(broken).toEqual([]);
});
