import type { Command } from 'commander';
import {
  chooseWorkspaces,
  joinOutcomes,
  runSyncs,
  type SyncResult,
  type WorkspaceOutcome,
} from '../../app/run-sync.ts';
import { AppError } from '../../errors/app-error.ts';
import type { CliContext } from '../cli-context.ts';
import { createProgressView } from '../format/progress.ts';
import { count, counted, duration } from '../format/words.ts';
import { onInterrupt } from '../interrupt.ts';
import { wordList } from '../parse-argument.ts';
import { outcomeJson } from '../outcome-json.ts';
import { errorLines } from '../report-error.ts';
import { addSettingFlags } from '../setting-flags.ts';

type Verification = NonNullable<SyncResult['verification']>;

/** Months shown when all is well; those with a difference are always shown. */
const SHOWN_MONTHS = 24;

const monthOf = (seconds: number): string => new Date(Math.max(0, seconds) * 1000).toISOString().slice(0, 7);

const windowLine = (found: Verification['windows'][number]): string => {
  const wrong = [
    [found.missing, 'not here'],
    [found.outdated, 'with other fields'],
    [found.incomplete, 'with fewer messages'],
    [found.absent, 'no longer in Intercom'],
  ] as const;
  const told = wrong.flatMap(([number, what]) => (number === 0 ? [] : [`${count(number)} ${what}`]));
  return `  ${monthOf(found.end)}  ${count(found.listed).padStart(10)} in Intercom ${count(found.stored).padStart(10)} here${told.length === 0 ? '' : `  ${told.join(', ')}`}`;
};

/** What the comparison found and what became of it, for a person. */
export const verifyReport = (result: SyncResult): string => {
  const { verification } = result;
  if (verification === undefined) return 'Nothing was compared.\n';
  const { counts, differences, windows } = verification;
  const wrong = windows.filter((row) => row.missing + row.outdated + row.incomplete + row.absent > 0);
  const shown = wrong.length > 0 ? wrong : windows.slice(-SHOWN_MONTHS);
  const left = result.incomplete.length;
  return [
    differences === 0
      ? `The mirror agrees with Intercom: ${counted(result.requests, 'request')} in ${duration(result.duration_ms)}.`
      : `${counted(differences, 'difference')} found; ${left === 0 ? 'all of it was mended' : `${count(left)} could not be mended yet`}: ${counted(result.requests, 'request')} in ${duration(result.duration_ms)}.`,
    wrong.length > 0 ? 'Conversations of the months with a difference:' : 'Conversations by month:',
    ...shown.map(windowLine),
    ...(shown.length < windows.length
      ? [`  and ${count(windows.length - shown.length)} more months that agree`]
      : []),
    ...counts.map(
      ({ entity, listed, stored }) =>
        `  ${entity.padEnd(9)} ${count(listed).padStart(8)} in Intercom ${count(stored).padStart(10)} here`,
    ),
    ...result.incomplete.slice(0, 20).map((item) => `  missing: ${item.entity} ${item.id} (${item.code})`),
    '',
  ].join('\n');
};

export const addVerify = (program: Command, context: CliContext): void => {
  const command = program
    .command('verify')
    .description(
      'Compare the mirror with Intercom, object by object and month by month, and mend what differs.',
    )
    .option(
      '--workspace <aliases>',
      'only these workspaces, by their aliases (default: all that there is a token for)',
      wordList,
    )
    .option('--json', 'the result as one JSON line on stdout');
  addSettingFlags(command, 'verify').action(
    async (flags: { readonly workspace?: string[]; readonly json?: boolean } & Record<string, unknown>) => {
      const config = chooseWorkspaces(context.config('verify', flags), flags.workspace);
      const logger = context.logger(config);
      using interrupt = onInterrupt();
      const view = createProgressView(context.stderr, context.stderrIsTerminal);
      const several = config.workspaces.length > 1;
      const tell = async (outcome: WorkspaceOutcome): Promise<void> => {
        view.end();
        const { result, workspace } = outcome;
        if (flags.json)
          await context.stdout.write(
            `${JSON.stringify({ ...(several ? { workspace } : {}), ...outcomeJson(result) })}\n`,
          );
        else
          await context.stdout.write(
            `${several ? `${workspace}: ` : ''}${result instanceof AppError ? errorLines(result) : verifyReport(result)}`,
          );
      };
      const options = {
        verify: true,
        // When the process began.
        askedAt: 0,
        signal: AbortSignal.any([interrupt.signal, context.stdout.gone]),
        onProgress: view.show,
      };
      try {
        const outcomes = await runSyncs(config, options, logger, tell);
        context.exitWith(joinOutcomes(outcomes, 0).exit_code);
      } finally {
        view.end();
      }
    },
  );
};
