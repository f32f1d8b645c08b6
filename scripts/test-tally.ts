import { NEEDS_POSTGRES_MARK, NEEDS_SHARED_MARK, SHARED_MARK } from '../test/support/skip-marks.ts';

/** The part of vitest's JSON report that is read here. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** What a run came to, in tests. */
export interface Tally {
  readonly passed: number;
  /** Failed tests, files that could not be loaded, and 1 for a run that failed in no test. */
  readonly failed: number;
  readonly skipped: number;
  /** Names of the tests skipped for want of PostgreSQL. */
  readonly skippedForPostgres: readonly string[];
  /** Names of skipped tests that `.ci/run` does not accept. */
  readonly skippedUnallowed: readonly string[];
  /** Tests that ran with the shared folder. */
  readonly sharedRan: number;
}

/**
 * Counts a report.
 * @param report vitest's JSON report; undefined when it wrote none
 * @param exitCode of vitest: an error outside every test shows only there
 * @param hasShared whether the shared folder is there; with it, no skip is allowed
 */
export const tally = (report: VitestReport | undefined, exitCode: number, hasShared: boolean): Tally => {
  const files = report?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const named = (keep: (status: string) => boolean): string[] =>
    tests.filter(({ status }) => keep(status)).map(({ fullName }) => fullName);
  const passed = named((status) => status === 'passed');
  const failed = named((status) => status === 'failed').length;
  const skipped = named((status) => status !== 'passed' && status !== 'failed');
  const brokenFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length;
  const failures = failed + brokenFiles;
  const ran = passed.length + failures > 0;
  return {
    passed: passed.length,
    failed: failures === 0 && exitCode !== 0 && ran ? 1 : failures,
    skipped: skipped.length,
    skippedForPostgres: skipped.filter((name) => name.includes(NEEDS_POSTGRES_MARK)),
    skippedUnallowed: skipped.filter((name) => hasShared || !name.includes(NEEDS_SHARED_MARK)),
    sharedRan: passed.filter((name) => name.includes(SHARED_MARK)).length,
  };
};

/**
 * Why `.ci/run` fails although no test did: skips that it does not accept, a shared folder that no suite used, nothing
 * that ran. One line each; each counts as one failed item.
 */
export const objections = (counts: Tally, hasShared: boolean): string[] => [
  ...counts.skippedUnallowed.map((name) => `skipped without an allowed reason: ${name}`),
  ...(hasShared && counts.sharedRan === 0 ? ['the shared folder is there, and no suite used it'] : []),
  ...(counts.passed === 0 ? ['no test passed'] : []),
];
