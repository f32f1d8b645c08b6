/**
 * Adds to package-lock.json the platform packages that the registry at hand could not show.
 *
 * `npm install` quietly leaves an optional package out of the lockfile when the registry does not have it, and `npm ci`
 * then refuses that lockfile ("Missing: … from lock file"). A mirror that carries only some platforms is enough for
 * that. The name, the exact version and the platform of each such package are known from the package that wants it, so
 * the entry can be written without the registry; it has no `integrity`, which npm accepts.
 *
 * Run after every change of a dependency: `npm run lockfile`. `test/policy/lockfile.test.ts` fails until it was.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockEntry {
  version?: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

/** The part of package-lock.json (version 3) that is read here; `packages` is keyed by folder. */
export interface Lockfile {
  packages: Record<string, LockEntry>;
}

const CPUS: Readonly<Record<string, string>> = {
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  x64: 'x64',
};
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];

/** `…-linux-x64-musl` → its `os`, `cpu` and `libc`; undefined where the name does not tell. */
const platformOf = (name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> | undefined => {
  const words = name.split(/[-/]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.map((word) => CPUS[word]).find((word) => word !== undefined);
  if (cpu === undefined || (os === undefined && cpu !== 'wasm32')) return undefined;
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.includes('gnu')
      ? 'glibc'
      : undefined;
  return { ...(os ? { os: [os] } : {}), cpu: [cpu], ...(libc ? { libc: [libc] } : {}) };
};

/** Where node finds `name` when it is wanted from the package in `folder`: the nearest node_modules going up. */
const isLocked = (lock: Lockfile, folder: string, name: string): boolean => {
  for (let at = folder; ; ) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in lock.packages) return true;
    if (at === '') return false;
    const up = at.lastIndexOf('/node_modules/');
    at = up < 0 ? '' : at.slice(0, up);
  }
};

/** Optional packages that some locked package wants and the lockfile lacks. */
export const missingPlatforms = (lock: Lockfile): { name: string; version: string; dev: boolean }[] =>
  Object.entries(lock.packages).flatMap(([folder, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isLocked(lock, folder, name))
      .map(([name, version]) => ({ name, version, dev: entry.dev === true })),
  );

/**
 * The same lockfile with an entry for every missing platform package, folders in npm's order.
 * @throws Error when a missing package's version is a range, or its name does not tell its platform.
 */
export const completeLockfile = (lock: Lockfile): Lockfile => {
  const packages = { ...lock.packages };
  for (const { name, version, dev } of missingPlatforms(lock)) {
    const platform = platformOf(name);
    if (platform === undefined || !/^\d+\.\d+\.\d+/.test(version)) {
      throw new Error(
        `package-lock.json lacks ${name}@${version}, and its platform or version cannot be told`,
      );
    }
    const { cpu, libc, os } = platform;
    packages[`node_modules/${name}`] = {
      version,
      ...(cpu ? { cpu } : {}),
      ...(dev ? { dev } : {}),
      ...(libc ? { libc } : {}),
      optional: true,
      ...(os ? { os } : {}),
    };
  }
  const folders = Object.keys(packages).sort((a, b) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(folders.map((folder) => [folder, packages[folder] ?? {}])) };
};

if (import.meta.main) {
  const file = join(import.meta.dirname, '..', 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8')) as Lockfile;
  const missing = missingPlatforms(lock).length;
  writeFileSync(file, `${JSON.stringify(completeLockfile(lock), null, 2)}\n`);
  process.stderr.write(`package-lock.json: ${missing} platform packages added\n`);
}
