import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { onInterrupt } from '../interrupt.ts';
import { wholeNumberBetween } from '../parse-argument.ts';
import { addSettingFlags } from '../setting-flags.ts';
import type { DemoFlags } from './demo-run.ts';

export const addDemo = (program: Command, context: CliContext): void => {
  const command = program
    .command('demo')
    .description(
      'See it work: a simulated Intercom, a real sync, answers through a real MCP client. No token needed.',
    )
    .option('--once', 'end after the tour')
    .option(
      '--port <number>',
      'port to serve on after the tour (default: a free one)',
      wholeNumberBetween(0, 65_535),
    );
  addSettingFlags(command, 'demo').action(async (flags: DemoFlags) => {
    using interrupt = onInterrupt();
    // Here, as no other command needs the sandbox, the server and a client.
    const { runDemo } = await import('./demo-run.ts');
    try {
      await runDemo(context, flags, interrupt.signal);
    } catch (error) {
      // Ctrl-C reaches the tour's server too; what breaks then is what was asked for.
      if (!interrupt.signal.aborted) throw error;
    }
  });
};
