// This file must parse on every Node that a person may have: no import before the version is known.
const [major = 0] = process.versions.node.split('.').map(Number);

const start = async () => {
  const { runCli } = await import('./cli/run-cli.ts');
  process.exitCode = await runCli(process.argv.slice(2));
};

if (major < 24) {
  process.stderr.write(`fast-intercom-mcp needs Node.js 24 or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  void start();
}
