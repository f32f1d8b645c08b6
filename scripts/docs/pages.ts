import { commandsPage } from './commands-page.ts';
import { errorsPage } from './errors-page.ts';
import { settingsPage } from './settings-page.ts';
import { toolsPage } from './tools-page.ts';

/** The pages of docs/reference by file name, made from the code as it stands. */
export const referencePages = (): ReadonlyMap<string, string> =>
  new Map([
    ['commands.md', commandsPage()],
    ['errors.md', errorsPage()],
    ['settings.md', settingsPage()],
    ['tools.md', toolsPage()],
  ]);
