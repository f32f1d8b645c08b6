import type { Command } from 'commander';

/** Which workspace a command reads; all of its flags that name one look the same. */
export const addWorkspaceOption = (
  command: Command,
  otherwise = 'needed where the mirror holds several',
): Command =>
  command.option('--workspace <alias>', `which workspace, by its alias or its id in Intercom; ${otherwise}`);
