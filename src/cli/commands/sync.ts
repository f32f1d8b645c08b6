import type { Command } from 'commander';
import {
  chooseWorkspaces,
  joinOutcomes,
  type RunOptions,
  runSync,
  runSyncs,
  type SyncResult,
  watchSyncs,
  type WatchListeners,
  type WorkspaceOutcome,
  worstCode,
} from '../../app/run-sync.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { CliContext } from '../cli-context.ts';
import { createProgressView } from '../format/progress.ts';
import { count, counted, duration } from '../format/words.ts';
import { onInterrupt } from '../interrupt.ts';
import { wordList } from '../parse-argument.ts';
import { outcomeJson } from '../outcome-json.ts';
import { errorLines } from '../report-error.ts';
import { addSettingFlags } from '../setting-flags.ts';

interface SyncFlags {
  readonly only?: string[];
  readonly workspace?: string[];
  readonly full?: boolean;
  readonly watch?: boolean;
  readonly json?: boolean;
}

const NAMED_FAILURES = 20;

/** What the sync did, for a person. */
export const syncReport = (result: SyncResult): string => {
  const rows = Object.entries(result.entities).map(([name, entity]) => {
    const skipped = entity.skipped_reason === null ? '' : `, left out: ${entity.skipped_reason}`;
    const what = name === 'conversations' ? 'threads fetched' : 'fetched one by one';
    const fetched = entity.fetched > 0 ? `, ${count(entity.fetched)} ${what}` : '';
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

interface Teller {
  readonly context: CliContext;
  /** Leaves the line of the progress. */
  readonly end: () => void;
  readonly json: boolean;
}

/** The result of the only workspace. */
const tellResult = async (result: SyncResult, { context, end, json }: Teller): Promise<void> => {
  end();
  if (json) await context.stdout.write(`${JSON.stringify(result)}\n`);
  else context.stderr.write(syncReport(result));
  context.exitWith(result.exit_code);
};

/** The result of one of several workspaces: a line of its own, or the report with its name. */
const tellOutcome = async (outcome: WorkspaceOutcome, { context, end, json }: Teller): Promise<void> => {
  const { result, same, workspace } = outcome;
  const failed = result instanceof AppError;
  end();
  if (json) {
    const also = same.length === 0 ? {} : { same_as: same };
    await context.stdout.write(`${JSON.stringify({ workspace, ...also, ...outcomeJson(result) })}\n`);
    return;
  }
  const note =
    same.length === 0
      ? ''
      : `The token of ${same.join(', ')} is of this workspace, too; it is mirrored once.\n`;
  context.stderr.write(`${workspace}: ${failed ? errorLines(result) : syncReport(result)}${note}`);
};

const syncSeveral = async (
  config: Config,
  options: RunOptions,
  logger: Logger,
  teller: Teller,
): Promise<void> => {
  const started = performance.now();
  const outcomes = await runSyncs(config, options, logger, (outcome) => tellOutcome(outcome, teller));
  const joined = joinOutcomes(outcomes, Math.round(performance.now() - started));
  if (teller.json) await teller.context.stdout.write(`${JSON.stringify(joined)}\n`);
  teller.context.exitWith(joined.exit_code);
};

const watchListeners = (config: Config, teller: Teller): WatchListeners => {
  const { context, end } = teller;
  const several = config.workspaces.length > 1;
  const codes = new Map<string, number>();
  return {
    async onResult(workspace, result) {
      if (!several) return tellResult(result, teller);
      codes.set(workspace, result.exit_code);
      await tellOutcome({ workspace, same: [], result }, teller);
      context.exitWith(worstCode([...codes.values()]));
    },
    onFailure(workspace, error) {
      end();
      context.stderr.write(`${several ? `${workspace}: ` : ''}${errorLines(error)}`);
      // What may pass is followed by another run; what may not is the end of this workspace.
      if (several && !error.retryable) codes.set(workspace, error.exitCode);
      if (several) context.exitWith(worstCode([...codes.values()]));
    },
  };
};

export const addSync = (program: Command, context: CliContext): void => {
  const command = program
    .command('sync')
    .description(
      'Mirror what is new or changed in Intercom, then exit. A second one waits for the one that runs.',
    )
    .option('--only <entities>', 'only these, by the names that `status` shows', wordList)
    .option(
      '--workspace <aliases>',
      'only these workspaces, by their aliases (default: all that there is a token for)',
      wordList,
    )
    .option('--full', 'list everything again instead of what changed')
    .option('--watch', 'go on syncing, with a pause between two runs, until Ctrl-C')
    .option('--json', 'the result as one JSON line on stdout');
  addSettingFlags(command, 'sync').action(async (flags: SyncFlags & Record<string, unknown>) => {
    const config = chooseWorkspaces(context.config('sync', flags), flags.workspace);
    const logger = context.logger(config);
    const view = createProgressView(context.stderr, context.stderrIsTerminal);
    using interrupt = onInterrupt();
    const options = {
      // When the process began.
      askedAt: 0,
      signal: AbortSignal.any([interrupt.signal, context.stdout.gone]),
      onProgress: view.show,
      ...(flags.only ? { only: flags.only } : {}),
      ...(flags.full ? { full: true } : {}),
    };
    const teller = { context, end: view.end, json: flags.json ?? false };
    try {
      if (flags.watch) await watchSyncs(config, options, watchListeners(config, teller), logger);
      else if (config.workspaces.length > 1) await syncSeveral(config, options, logger, teller);
      else await tellResult(await runSync(config, options, logger), teller);
    } catch (error) {
      view.end();
      throw error;
    }
  });
};
