/** The bundle: src/ and the libraries it uses in a few files, so that a command starts without reading hundreds. */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { type RolldownOutput, rolldown } from 'rolldown';

/** Parts of `pg` that are asked for in vain: bindings to a C library, and a socket for another runtime. */
const ABSENT = ['pg-native', 'pg-cloudflare'];

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

/** The folders of the packages whose code is in the bundle. */
const packageFolders = ({ output }: RolldownOutput): string[] => {
  const ids = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  const manifests = ids
    .map((id) => id.replace(/^\0/, '').replace(/\?.*$/, ''))
    .filter((id) => id.includes('/node_modules/') && existsSync(id))
    .map((id) => nearestNamed(id));
  return [...new Set(manifests.map((file) => dirname(file)))].sort();
};

/** The package.json with a name and a version above a file: some packages hold others that say only how to read a folder. */
const nearestNamed = (file: string): string => {
  const found = findPackageJSON('.', `file://${file}`);
  if (found === undefined) throw new Error(`no package.json above ${file}`);
  const { name, version } = JSON.parse(readFileSync(found, 'utf8')) as Partial<Manifest>;
  return name !== undefined && version !== undefined ? found : nearestNamed(dirname(found));
};

/** A package with its licence; the few that come without its text are named with licence and author. */
const noticeOf = (folder: string): string => {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license, author } = manifest;
  if (license === undefined) throw new Error(`${name} ${version} names no licence`);
  const [file] = globSync(['LICENSE*', 'LICENCE*', 'license*'], { cwd: folder });
  const text =
    file === undefined
      ? `by ${typeof author === 'object' ? author.name : (author ?? 'its authors')}`
      : readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
};

/**
 * Writes the bundle of `root` into `folder`: `main.js`, `worker.js` (SQLite's), chunks beside them, and the licences of the
 * libraries within.
 * @throws Error when a module is not found or a library names no licence.
 */
export const bundle = async (root: string, folder: string): Promise<void> => {
  const build = await rolldown({
    cwd: root,
    input: { main: 'src/main.ts', worker: 'src/storage/sqlite/worker.ts' },
    platform: 'node',
    external: ABSENT,
    onLog: (level, log, handle) => {
      if (level === 'warn') throw new Error(log.message);
      handle(level, log);
    },
  });
  const output = await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await build.close();
  const notices = packageFolders(output).map(noticeOf);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`));
};
