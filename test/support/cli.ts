import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The built command: end-to-end tests know nothing else of the program. */
export const BIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly timeoutMs?: number;
  /** A program with its arguments to run the command under. */
  readonly wrapper?: readonly string[];
  readonly cwd?: string;
}

/** Only what a command needs: no setting of the machine reaches a test. */
export const cleanEnv = (extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: extra.HOME ?? process.cwd(),
  TZ: 'UTC',
  NO_COLOR: '1',
  ...extra,
});

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const launch = (
  args: readonly string[],
  options: CliOptions,
): ChildProcessByStdio<Writable, Readable, Readable> => {
  const [program = process.execPath, ...rest] = [...(options.wrapper ?? []), process.execPath, BIN, ...args];
  return spawn(program, rest, {
    env: cleanEnv(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.cwd ? { cwd: options.cwd } : {}),
  });
};

/** Runs a command to its end. */
export const runCli = async (args: readonly string[], options: CliOptions = {}): Promise<CliResult> => {
  const child = launch(args, options);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 120_000);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  return {
    code,
    signal,
    stdout: Buffer.concat(stdout).toString('utf8'),
    stderr: Buffer.concat(stderr).toString('utf8'),
  };
};

export interface RunningCli {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when stdout holds a line that matches. */
  waitForLine(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends it with a signal, SIGTERM by default, and waits. */
  stop(signal?: NodeJS.Signals): Promise<CliResult>;
}

/** Starts a command that stays up. */
export const startCli = (args: readonly string[], options: CliOptions = {}): RunningCli => {
  const child = launch(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => undefined);
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    waitForLine: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(stdout);
          if (found) resolve(found);
        };
        child.stdout.on('data', look);
        closed.then(
          () => reject(new Error(`the command ended before it wrote ${pattern}: ${stdout}\n${stderr}`)),
          reject,
        );
        look();
      }),
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const [code, ended] = await closed;
      return { code, signal: ended, stdout, stderr };
    },
  };
};

export interface SandboxProcess {
  readonly url: string;
  /** Settings that point a command at it. */
  readonly env: { readonly INTERCOM_API_BASE_URL: string; readonly INTERCOM_ACCESS_TOKEN: string };
  readonly process: RunningCli;
  stop(): Promise<void>;
}

/** The simulated Intercom as a process of its own, on a free port. */
export const startSandboxProcess = async (
  args: readonly string[],
  options: CliOptions = {},
): Promise<SandboxProcess> => {
  const process = startCli(['sandbox', '--port', '0', ...args], options);
  const [, url = ''] = await process.waitForLine(/^INTERCOM_API_BASE_URL=(\S+)$/m);
  return {
    url,
    env: { INTERCOM_API_BASE_URL: url, INTERCOM_ACCESS_TOKEN: 'sandbox' },
    process,
    async stop() {
      await process.stop();
    },
  };
};

/** An export without the time of the fetch, which is the one thing that two runs may differ in. */
export const withoutFetchTime = (jsonl: string): string =>
  jsonl.replaceAll(/"fetched_at":"[^"]*"/g, '"fetched_at":"-"');
