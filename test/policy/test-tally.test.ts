import { expect, test } from 'vitest';
import { objections, tally, type VitestReport } from '../../scripts/test-tally.ts';

const reportOf = (...files: { status: string; tests: [name: string, status: string][] }[]): VitestReport => ({
  testResults: files.map(({ status, tests }, index) => ({
    name: `${index}.test.ts`,
    status,
    assertionResults: tests.map(([fullName, its]) => ({ fullName, status: its })),
  })),
});

test('counts tests', () => {
  const report = reportOf(
    {
      status: 'passed',
      tests: [
        ['a', 'passed'],
        ['b', 'passed'],
        ['c', 'skipped'],
        ['d', 'todo'],
      ],
    },
    {
      status: 'failed',
      tests: [
        ['e', 'failed'],
        ['f', 'passed'],
      ],
    },
  );
  expect(tally(report, 1, false)).toMatchObject({ passed: 3, failed: 1, skipped: 2 });
});

test('counts a file that could not be loaded, and a run that failed in no test', () => {
  expect(tally(reportOf({ status: 'failed', tests: [] }), 1, false)).toMatchObject({ passed: 0, failed: 1 });
  expect(tally(reportOf({ status: 'passed', tests: [['a', 'passed']] }), 1, false)).toMatchObject({
    passed: 1,
    failed: 1,
  });
});

test('counts nothing when nothing ran', () => {
  expect(tally(undefined, 1, false)).toMatchObject({ passed: 0, failed: 0, skipped: 0 });
});

test('accepts a skip for want of the shared folder only where that is absent', () => {
  const report = reportOf({
    status: 'passed',
    tests: [
      ['corpus [needs ../shared]', 'skipped'],
      ['x', 'passed'],
    ],
  });
  expect(tally(report, 0, false).skippedUnallowed).toEqual([]);
  expect(tally(report, 0, true).skippedUnallowed).toEqual(['corpus [needs ../shared]']);
});

test('never accepts another skip, and names those for want of PostgreSQL', () => {
  const report = reportOf({
    status: 'passed',
    tests: [
      ['engine [needs PostgreSQL]', 'skipped'],
      ['later', 'todo'],
    ],
  });
  const counts = tally(report, 0, false);
  expect(counts.skippedUnallowed).toEqual(['engine [needs PostgreSQL]', 'later']);
  expect(counts.skippedForPostgres).toEqual(['engine [needs PostgreSQL]']);
});

test('counts what ran with the shared folder', () => {
  const report = reportOf({
    status: 'passed',
    tests: [
      ['corpus [shared] one', 'passed'],
      ['x', 'passed'],
    ],
  });
  expect(tally(report, 0, true).sharedRan).toBe(1);
});

test('objects to unallowed skips, to a shared folder that was not used, and to an empty run', () => {
  const report = reportOf({
    status: 'passed',
    tests: [
      ['later', 'todo'],
      ['corpus [needs ../shared]', 'skipped'],
    ],
  });
  expect(objections(tally(report, 0, false), false)).toEqual([
    'skipped without an allowed reason: later',
    'no test passed',
  ]);
  const withShared = reportOf({ status: 'passed', tests: [['x', 'passed']] });
  expect(objections(tally(withShared, 0, true), true)).toEqual([
    'the shared folder is there, and no suite used it',
  ]);
  expect(objections(tally(withShared, 0, false), false)).toEqual([]);
});
