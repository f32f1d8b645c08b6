import type { Command } from 'commander';
import { runSync, type SyncResult, watchSync } from '../../app/run-sync.ts';
import type { AppError } from '../../errors/app-error.ts';
import type { CliContext } from '../cli-context.ts';
import { createProgressView } from '../format/progress.ts';
import { count, counted, duration } from '../format/words.ts';
import { onInterrupt } from '../interrupt.ts';
import { wordList } from '../parse-argument.ts';
import { errorLines } from '../report-error.ts';
import { addSettingFlags } from '../setting-flags.ts';

interface SyncFlags {
  readonly only?: string[];
  readonly full?: boolean;
  readonly watch?: boolean;
  readonly json?: boolean;
}

const NAMED_FAILURES = 20;

/** What the sync did, for a person. */
export const syncReport = (result: SyncResult): string => {
  const rows = Object.entries(result.entities).map(([name, entity]) => {
    const skipped = entity.skipped_reason === null ? '' : `, left out: ${entity.skipped_reason}`;
    const fetched = entity.fetched > 0 ? `, ${count(entity.fetched)} threads fetched` : '';
    return `  ${name.padEnd(23)} ${count(entity.listed)} listed${fetched}${entity.failed > 0 ? `, ${count(entity.failed)} failed` : ''}${skipped}`;
  });
  const missing = result.incomplete
    .slice(0, NAMED_FAILURES)
    .map((item) => `  missing: ${item.entity} ${item.id} (${item.code})`);
  const more =
    result.incomplete.length > NAMED_FAILURES
      ? [`  and ${count(result.incomplete.length - NAMED_FAILURES)} more`]
      : [];
  const head =
    result.status === 'complete'
      ? 'The mirror is up to date'
      : 'The sync ended, but some objects are missing; run it again';
  return [
    `${head}: ${counted(result.requests, 'request')} in ${duration(result.duration_ms)}.`,
    ...rows,
    ...missing,
    ...more,
    '',
  ].join('\n');
};

export const addSync = (program: Command, context: CliContext): void => {
  const command = program
    .command('sync')
    .description(
      'Mirror what is new or changed in Intercom, then exit. A second one waits for the one that runs.',
    )
    .option('--only <entities>', 'only these, by the names that `status` shows', wordList)
    .option('--full', 'list everything again instead of what changed')
    .option('--watch', 'go on syncing, with a pause between two runs, until Ctrl-C')
    .option('--json', 'the result as one JSON line on stdout');
  addSettingFlags(command, 'sync').action(async (flags: SyncFlags & Record<string, unknown>) => {
    const config = context.config('sync', flags);
    const logger = context.logger(config);
    const view = createProgressView(context.stderr, context.stderrIsTerminal);
    using interrupt = onInterrupt();
    const options = {
      signal: AbortSignal.any([interrupt.signal, context.stdout.gone]),
      onProgress: view.show,
      ...(flags.only ? { only: flags.only } : {}),
      ...(flags.full ? { full: true } : {}),
    };
    const report = async (result: SyncResult): Promise<void> => {
      view.end();
      if (flags.json) await context.stdout.write(`${JSON.stringify(result)}\n`);
      else context.stderr.write(syncReport(result));
      context.exitWith(result.exit_code);
    };
    try {
      if (flags.watch) {
        const onFailure = (error: AppError): void => {
          view.end();
          context.stderr.write(errorLines(error));
        };
        await watchSync(config, options, { onResult: report, onFailure }, logger);
      } else await report(await runSync(config, options, logger));
    } catch (error) {
      view.end();
      throw error;
    }
  });
};
