import { commandsPage } from './commands-page.ts';
import { errorsPage } from './errors-page.ts';
import { metricsPage } from './metrics-page.ts';
import { queryLanguagePage } from './query-language-page.ts';
import { settingsPage } from './settings-page.ts';
import { toolsPage } from './tools-page.ts';
import { trendsPage } from './trends-page.ts';

/** The pages of docs/reference by file name, made from the code as it stands. */
export const referencePages = (): ReadonlyMap<string, string> =>
  new Map([
    ['commands.md', commandsPage()],
    ['errors.md', errorsPage()],
    ['metrics.md', metricsPage()],
    ['query-language.md', queryLanguagePage()],
    ['settings.md', settingsPage()],
    ['tools.md', toolsPage()],
    ['trends.md', trendsPage()],
  ]);
