import { configDefaults, defineConfig } from 'vitest/config';

// Where TEST_POSTGRES_URL and dist/ come from: scripts/test.ts, the test command.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'dist/**'],
    // A process a file: worker threads, signals and memory limits behave as they do in the real program.
    pool: 'forks',
    // A file opens and ends hundreds of worker threads. Where the processor has protection keys, V8's list of code pages may
    // lose one to such churn, and the process dies with "Check failed: jit_page.has_value()" (nodejs/node#64500).
    execArgv: ['--no-memory-protection-keys'],
    // CI has two cores, and end-to-end tests start programs of their own.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A test that passes at the second try is a test that fails.
    retry: 0,
    // A forgotten `.only` would hide the rest of its file.
    allowOnly: false,
  },
});
