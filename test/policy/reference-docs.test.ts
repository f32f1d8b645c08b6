import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandTree } from '../../scripts/docs/command-tree.ts';
import { referencePages } from '../../scripts/docs/pages.ts';
import { OPTION_ROWS } from '../../src/config/option-table.ts';
import { ERROR_CODES } from '../../src/errors/codes.ts';
import { TOOLS } from '../../src/mcp/tools/registry.ts';

const folder = join(import.meta.dirname, '../../docs/reference');
const pages = referencePages();
const textOf = (name: string): string => pages.get(name) ?? '';

test.each([...pages.keys()])('docs/reference/%s says what the code says: npm run docs', (name) => {
  expect(readFileSync(join(folder, name), 'utf8')).toBe(textOf(name));
});

test('docs/reference holds generated pages only', () => {
  expect(globSync('**/*', { cwd: folder }).toSorted()).toEqual([...pages.keys()].toSorted());
});

test('no command, setting, error or tool is left out', () => {
  const commands = commandTree().map(
    ({ name }) => `\n## \`fast-intercom-mcp${name === '' ? '' : ` ${name}`}\`\n`,
  );
  const settings = OPTION_ROWS.map(([, { env }]) => `\n| \`${env}\``);
  const errors = Object.keys(ERROR_CODES).map((name) => `\n| \`${name}\` |`);
  const tools = TOOLS.map(({ name }) => `\n## \`${name}\`\n`);
  expect(commands.length).toBeGreaterThan(9);
  expect(commands.filter((text) => !textOf('commands.md').includes(text))).toEqual([]);
  expect(settings.filter((text) => !textOf('settings.md').includes(text))).toEqual([]);
  expect(errors.filter((text) => textOf('errors.md').split(text).length !== 2)).toEqual([]);
  expect(tools.filter((text) => !textOf('tools.md').includes(text))).toEqual([]);
});

test('the pages are the same on every machine and terminal', () => {
  const { columns, isTTY } = process.stdout;
  Object.assign(process.stdout, { columns: 40, isTTY: true });
  try {
    expect(referencePages()).toEqual(pages);
  } finally {
    Object.assign(process.stdout, { columns, isTTY });
  }
  expect([...pages.values()].join('\n')).not.toContain(process.cwd());
});
