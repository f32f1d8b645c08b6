/**
 * The test command: builds the command, provides PostgreSQL, runs vitest, and ends with `N passed, N failed, N skipped`.
 *
 *   npm test                     all of it
 *   npm test -- storage          arguments go to vitest: files whose path holds "storage"
 *   npm run test:long            with longer counts (FAST_INTERCOM_LONG_TESTS=1)
 *
 * TEST_POSTGRES_URL: use this server and start none.
 * TEST_SUMMARY_FILE: for `.ci/run`: judge the skips too, and write `<passed> <failed>` to this file.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedDir } from '../test/support/shared-dir.ts';
import { build } from './build.ts';
import { findBinaries } from './postgres/find-binaries.ts';
import { startServer } from './postgres/start-server.ts';
import { objections, tally, type VitestReport } from './test-tally.ts';

const root = join(import.meta.dirname, '..');
const say = (line: string): void => void process.stderr.write(`${line}\n`);

interface Provided {
  readonly url: string | undefined;
  stop(): Promise<void>;
}

const providePostgres = async (): Promise<Provided> => {
  const stop = async (): Promise<void> => undefined;
  const given = process.env.TEST_POSTGRES_URL;
  if (given !== undefined && given !== '') return { url: given, stop };
  const binaries = findBinaries();
  try {
    if (binaries === undefined)
      throw new Error('no server programs in node_modules, on PATH or in /usr/lib/postgresql');
    const server = await startServer(binaries);
    say(`PostgreSQL (${binaries.origin}) started for this run`);
    return server;
  } catch (error) {
    say(`could not provide PostgreSQL: ${error instanceof Error ? error.message : String(error)}`);
    return { url: undefined, stop };
  }
};

/** Runs vitest; a signal to this process reaches it, and is remembered. */
const runVitest = async (reportFile: string, postgresUrl: string | undefined) => {
  const { TEST_POSTGRES_URL: _, ...env } = process.env;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: postgresUrl === undefined ? env : { ...env, TEST_POSTGRES_URL: postgresUrl },
  });
  let interrupted: NodeJS.Signals | undefined;
  const forward = (signal: NodeJS.Signals): void => {
    interrupted = signal;
    child.kill(signal);
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const [code] = (await once(child, 'exit')) as [number | null];
  return { exitCode: code ?? 1, interrupted };
};

const readReport = (file: string): VitestReport | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  } catch {
    return undefined;
  }
};

const main = async (): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'fast-intercom-test-'));
  // Before the server starts: a signal from here on ends the run in good order instead of this process at once.
  let early: NodeJS.Signals | undefined;
  const remember = (signal: NodeJS.Signals): void => void (early = signal);
  process.on('SIGINT', remember).on('SIGTERM', remember);
  const built = await build(root);
  const postgres = await providePostgres();
  try {
    if (early !== undefined) return 128 + constants.signals[early];
    const reportFile = join(folder, 'report.json');
    const { exitCode, interrupted } = await runVitest(reportFile, postgres.url);
    const hasShared = sharedDir() !== undefined;
    const counts = tally(readReport(reportFile), exitCode, hasShared);
    for (const name of counts.skippedForPostgres) say(`skipped, PostgreSQL could not be provided: ${name}`);
    if (!built) say('failed: the build (its messages stand above the tests)');
    const failed = counts.failed + (built ? 0 : 1);
    const summaryFile = process.env.TEST_SUMMARY_FILE;
    if (summaryFile) {
      const reasons = objections(counts, hasShared);
      for (const reason of reasons) say(`failed: ${reason}`);
      writeFileSync(summaryFile, `${counts.passed} ${failed + reasons.length}\n`);
    }
    process.stdout.write(`${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped\n`);
    if (interrupted !== undefined) return 128 + constants.signals[interrupted];
    return failed > 0 || counts.passed === 0 || exitCode !== 0 ? 1 : 0;
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

process.exitCode = await main();
