/** `npm run layers`: no import outside the table of rooms. Ends with 1 when a rule is broken or too little was read. */
import { join } from 'node:path';
import { checkTree } from './layers/check-tree.ts';

const root = process.argv[2] ?? join(import.meta.dirname, '..');
const { modules, violations } = checkTree(root);
for (const { at, rule } of violations) process.stderr.write(`${at}: ${rule}\n`);
process.stderr.write(`layers: ${modules} modules, ${violations.length} violations\n`);
process.exitCode = violations.length > 0 ? 1 : 0;
