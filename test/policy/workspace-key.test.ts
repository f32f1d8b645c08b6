import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../src/data');

/** Facts of the database itself, and where a workspace is looked up in the first place. */
const OF_NO_WORKSPACE = new Set(['settings', 'workspaces', 'workspace_aliases']);

const BEGIN = /\.(selectFrom|updateTable|deleteFrom|insertInto)\(\s*(?:'([a-z_]+)|([a-z]\w*))/g;

/** A statement from its first word to its end: an `.execute`, or the end of the sentence that it begins in. */
const statementsIn = (text: string) =>
  [...text.matchAll(BEGIN)].map((found) => {
    const rest = text.slice(found.index);
    const end = /\.execute\w*\(|;\n/.exec(rest);
    return {
      kind: found[1] ?? '',
      table: found[2] ?? found[3] ?? '',
      text: rest.slice(0, end?.index ?? rest.length),
    };
  });

const sources = globSync('**/*.ts', { cwd: folder }).filter((name) => !name.endsWith('.test.ts'));
const statements = sources.flatMap((name) =>
  statementsIn(readFileSync(join(folder, name), 'utf8'))
    .filter(({ table }) => !OF_NO_WORKSPACE.has(table))
    .map((statement) => ({ name, ...statement })),
);

/** TRAPS T52: ids are unique within a workspace only. */
test('every statement that reads or changes rows names their workspace', () => {
  const looked = statements.filter(({ kind }) => kind !== 'insertInto');
  expect(looked.length).toBeGreaterThan(40);
  const without = looked.filter(({ text }) => !/['.]workspace_id'/.test(text));
  expect(without.map(({ name, table, text }) => `${name}: ${table}: ${text}`)).toEqual([]);
});

test('the search finds a statement without the workspace', () => {
  const [bad, good] = statementsIn(
    "await db.deleteFrom('tags').where('id', '=', id).execute();\nawait db.selectFrom('tags as t').where('t.workspace_id', '=', w).execute();",
  );
  expect([bad?.table, bad?.text.includes('workspace_id')]).toEqual(['tags', false]);
  expect([good?.table, good?.text.includes('workspace_id')]).toEqual(['tags', true]);
});
