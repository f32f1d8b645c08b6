import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { onInterrupt } from '../interrupt.ts';
import { addSettingFlags } from '../setting-flags.ts';

export const addServe = (program: Command, context: CliContext): void => {
  const command = program
    .command('serve')
    .description(
      'Serve MCP over stdio, or over HTTP with --http, and keep the mirror fresh in the background.',
    )
    .option('--http', 'Streamable HTTP on --host and --port instead of stdio')
    .option('--no-sync', 'answer from what is mirrored; call nobody');
  addSettingFlags(command, 'serve').action(
    async (flags: { readonly http?: boolean; readonly sync: boolean } & Record<string, unknown>) => {
      const config = context.config('serve', flags);
      // Here, as the other commands need no server: its modules take a third of their start and 15 MB.
      const { runHttp, runStdio } = await import('../../app/run-serve.ts');
      using interrupt = onInterrupt();
      const options = {
        config,
        logger: context.logger(config),
        noSync: !flags.sync,
        signal: interrupt.signal,
      };
      // Awaited, not returned: the signal handlers stay until the server has ended.
      if (flags.http) {
        await runHttp(options, ({ url }) => context.stderr.write(`MCP over HTTP: ${url}/mcp\n`));
      } else {
        await runStdio(options);
      }
    },
  );
};
