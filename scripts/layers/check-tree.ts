import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { findCycles } from './find-cycles.ts';
import { type ModuleFacts, readModule } from './read-module.ts';
import { ROOMS, STRANGERS, VENDORS } from './rooms.ts';

/** One broken rule: `src/query/a.ts:3`, and what is wrong there. */
export interface Violation {
  readonly at: string;
  readonly rule: string;
}

/** What a check read and found. */
export interface LayerReport {
  readonly modules: number;
  readonly violations: readonly Violation[];
}

/** Below this many modules the check has not seen the house: a wrong folder, or a parser that read nothing. */
const LEAST_MODULES = 20;

const isTest = (file: string): boolean => file.endsWith('.test.ts');
const roomOf = (file: string): string =>
  file === 'main.ts' ? 'main' : file.includes('/') ? file.slice(0, file.indexOf('/')) : file;
const packageOf = (specifier: string): string =>
  specifier.startsWith('@')
    ? specifier.split('/').slice(0, 2).join('/')
    : (specifier.split('/')[0] ?? specifier);

const roomRule = (from: string, to: string): string | undefined => {
  const [room, target] = [roomOf(from), roomOf(to)];
  if (room !== target && target !== 'lib') {
    const doors = (ROOMS[room] ?? []).filter((door) => door.room === target);
    const passes = doors.some((door) => (door.from?.test(from) ?? true) && (door.to?.test(to) ?? true));
    if (!passes) return `${room} may not import ${doors.length > 0 ? `${to} from here` : target}`;
  }
  for (const { what, child } of STRANGERS) {
    const [one, other] = [child.exec(from)?.[1], child.exec(to)?.[1]];
    if (one !== undefined && other !== undefined && one !== other) return what;
  }
  return undefined;
};

const vendorRule = (from: string, specifier: string, dependencies: readonly string[]): string | undefined => {
  if (specifier.startsWith('#')) return `${specifier}: import by relative path`;
  const isBuiltin = specifier.startsWith('node:');
  if (!isBuiltin && builtinModules.includes(specifier)) return `write node:${specifier}`;
  const name = isBuiltin ? specifier : packageOf(specifier);
  const vendor = VENDORS.find((each) => each.name.test(name));
  if (vendor !== undefined)
    return vendor.home.test(from) ? undefined : `${name} may not be imported from here`;
  if (isBuiltin) return undefined;
  return dependencies.includes(name)
    ? `${name} has no home: add it to VENDORS`
    : `${name} is not in devDependencies`;
};

/** The path below src/ that a relative import reaches; undefined when it leaves src/. */
const resolve = (from: string, specifier: string): string | undefined => {
  const path = posix.normalize(posix.join(posix.dirname(from), specifier)).replace(/\.js$/, '.ts');
  return path.startsWith('..') ? undefined : path;
};

const checkModule = (file: string, facts: ModuleFacts, dependencies: readonly string[]): Violation[] => {
  const found: Violation[] = [];
  const report = (line: number, rule: string | undefined): void => {
    if (rule !== undefined) found.push({ at: `src/${file}:${line}`, rule });
  };
  for (const { specifier, line } of facts.references) {
    if (!specifier.startsWith('.')) {
      report(line, vendorRule(file, specifier, dependencies));
      continue;
    }
    const to = resolve(file, specifier);
    if (to === undefined) report(line, `${specifier} leaves src/`);
    else if (isTest(to)) report(line, 'a test may not be imported');
    else report(line, roomRule(file, to));
  }
  if (roomOf(file) !== 'config')
    for (const line of facts.environmentLines) report(line, 'only config reads process.env');
  for (const line of facts.opaqueLines) report(line, 'an import that cannot be followed');
  return found;
};

/** End-to-end tests see what a user sees: the built command, and nothing of src/. */
const checkEndToEnd = (root: string): Violation[] =>
  globSync('test/e2e/**/*.ts', { cwd: root }).flatMap((file) =>
    readModule(file, readFileSync(join(root, file), 'utf8'))
      .references.filter(({ specifier }) => /^(\.\.\/)+src\//.test(specifier))
      .map(({ line }) => ({ at: `${file}:${line}`, rule: 'an end-to-end test uses only the built command' })),
  );

/** Types count: files that need each other to be understood are one file. An import on demand does not. */
const importTargets = (file: string, facts: ModuleFacts): string[] =>
  facts.references
    .filter(({ specifier, kind }) => specifier.startsWith('.') && (kind === 'static' || kind === 'type'))
    .flatMap(({ specifier }) => resolve(file, specifier) ?? []);

/**
 * Checks the tree at `root` (with src/, test/e2e/ and package.json) against the import table. Tests beside the source
 * may import everything, so they are left out.
 * @throws Error when a module is not TypeScript.
 */
export const checkTree = (root: string): LayerReport => {
  const source = join(root, 'src');
  const files = globSync('**/*.{ts,mts,cts,js,mjs,cjs}', { cwd: source })
    .filter((file) => !isTest(file))
    .sort();
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies?: object;
  };
  // All of them: the libraries of src/ are in the bundle, so that an installed package depends on nothing.
  const dependencies = Object.keys(manifest.devDependencies ?? {});
  const facts = new Map(
    files.map((file) => [file, readModule(file, readFileSync(join(source, file), 'utf8'))]),
  );
  const violations: Violation[] = [];
  if (files.length < LEAST_MODULES) {
    violations.push({ at: 'src', rule: `read ${files.length} modules, expected at least ${LEAST_MODULES}` });
  }
  for (const [file, its] of facts) {
    if (!(roomOf(file) in ROOMS))
      violations.push({ at: `src/${file}`, rule: `${roomOf(file)} is no room: add it to ROOMS` });
    violations.push(...checkModule(file, its, dependencies));
  }
  const graph = new Map([...facts].map(([file, its]) => [file, importTargets(file, its)]));
  for (const cycle of findCycles(graph)) {
    violations.push({ at: `src/${cycle[0]}`, rule: `a cycle of imports: ${cycle.join(', ')}` });
  }
  return { modules: files.length, violations: [...violations, ...checkEndToEnd(root)] };
};
