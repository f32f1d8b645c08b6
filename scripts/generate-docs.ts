/**
 * `npm run docs`: writes docs/reference from the code. `npm run docs:check` writes nothing and ends with 1 when a file
 * there is not what the code says; `test/policy/reference-docs.test.ts` does the same.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referencePages } from './docs/pages.ts';

const folder = join(import.meta.dirname, '../docs/reference');

const stored = (name: string): string | undefined => {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return undefined;
  }
};

const changed = [...referencePages()].filter(([name, text]) => stored(name) !== text);
if (process.argv.includes('--check')) {
  for (const [name] of changed) process.stderr.write(`docs/reference/${name} is out of date: npm run docs\n`);
  process.exitCode = changed.length > 0 ? 1 : 0;
} else {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of changed) writeFileSync(join(folder, name), text);
  process.stderr.write(`docs/reference: ${changed.length} files written\n`);
}
