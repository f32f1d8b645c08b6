import { type CodeEntry, ERROR_CODES } from '../../src/errors/codes.ts';
import { code, page, table } from './markdown.ts';

const GROUPS: readonly (readonly [string, RegExp])[] = [
  ['Configuration and usage', /^(CONFIG|USAGE|PORT)_/],
  ['Intercom', /^INTERCOM_/],
  ['Sync', /^SYNC_/],
  ['Storage', /^STORE_/],
  ['Questions', /^(?!CONFIG_|USAGE_|PORT_|INTERCOM_|SYNC_|STORE_)/],
];

const rowOf = ([name, entry]: readonly [string, CodeEntry]): string[] => [
  code(name),
  String(entry.exit),
  entry.retryable ? 'yes' : 'no',
  entry.meaning,
  entry.remedy,
];

export const errorsPage = (): string =>
  page('Errors', [
    'Every failure has a code. A command writes two lines to stderr, `error CODE: what happened` and what to do about it; with `--json` also `{"error": {"code", "message", "remedy"}}` to stdout. A tool answers with `isError` and `{code, message, remedy, retryable}`. The message may be more exact than the meaning here. What a tool answers holds no SQL, path, stack trace or text from Intercom’s answer.',
    'Exit: the exit code of a command that ends with the error. Retry: whether the same call may succeed later without a change.',
    ...GROUPS.flatMap(([title, names]) => [
      `## ${title}`,
      table(
        ['Code', 'Exit', 'Retry', 'Meaning', 'What to do'],
        Object.entries(ERROR_CODES)
          .filter(([name]) => names.test(name))
          .map(rowOf),
      ),
    ]),
  ]);
