import { setFlagsFromString } from 'node:v8';

// This file must parse on every Node that a person may have: no import before the version is known.
const [major = 0] = process.versions.node.split('.').map(Number);

/**
 * A sync makes much garbage and keeps little. Left alone V8 lets it grow to 400 MB in three threads; so it stays below 100,
 * for some more time where Intercom does not set the pace (docs/adr/0010). The first flag holds for this thread, the next
 * two for those it starts, the last one for all.
 */
const MEMORY_FLAGS = [
  '--semi-space-growth-factor=1',
  '--min-semi-space-size=4',
  '--max-semi-space-size=4',
  '--heap-growing-percent=45',
];

const start = async () => {
  const { boundMemory } = await import('./config/bound-memory.ts');
  boundMemory(process.argv[2]);
  // The simulated Intercom is another machine in real life: it has what it needs.
  if (process.argv[2] !== 'sandbox') for (const flag of MEMORY_FLAGS) setFlagsFromString(flag);
  const { runCli } = await import('./cli/run-cli.ts');
  process.exitCode = await runCli(process.argv.slice(2));
};

if (major < 24) {
  process.stderr.write(`fast-intercom-mcp needs Node.js 24 or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  void start();
}
