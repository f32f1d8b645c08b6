import type { Command } from 'commander';
import { askMirror, type MirrorStatus, progressText } from '../../app/ask-mirror.ts';
import type { CliContext } from '../cli-context.ts';
import { safeLine } from '../format/safe-text.ts';
import { count, counted, minute, minuteWithAge } from '../format/words.ts';
import { addSettingFlags } from '../setting-flags.ts';

const STATES: Readonly<Record<MirrorStatus['state'], string>> = {
  never: 'Nothing has been mirrored yet.',
  syncing: 'A sync is running.',
  idle: 'No sync is running.',
  paused: 'The sync is paused.',
};

/** What is here, how fresh, what is missing, what it is doing. */
export const statusReport = (status: MirrorStatus, nowMs: number): string => {
  const { workspace, metadata, queue, last_run: run } = status;
  const { coverage } = metadata;
  const lines = [
    workspace === null
      ? 'No workspace'
      : `Workspace ${workspace.id}${workspace.name === null ? '' : ` (${safeLine(workspace.name)})`}, region ${workspace.region ?? 'unknown'}, time zone ${workspace.time_zone}`,
    `${STATES[status.state]} ${metadata.as_of === null ? 'Not complete yet.' : `Everything up to ${minuteWithAge(metadata.as_of, nowMs)} is here.`}`,
    '',
    ...status.entities.map(
      (entity) =>
        `  ${entity.entity.padEnd(14)} ${count(entity.stored).padStart(10)}  ${entity.complete ? `complete up to ${minute(entity.as_of ?? '')}` : 'not complete yet'}${entity.error === null ? '' : ` · ${entity.error.code}: ${entity.error.remedy}`}`,
    ),
    '',
    ...(status.progress === null ? [] : [`The sync that runs: ${progressText(status.progress)}.`]),
    `Threads: ${count(coverage.conversations.hydrated)} of ${count(coverage.conversations.known)} conversations have their whole thread; ${count(queue.waiting)} waiting.`,
    ...(coverage.window.start === null
      ? []
      : [`Conversations from ${minute(coverage.window.start)} to ${minute(coverage.window.end ?? '')}.`]),
    coverage.complete ? 'Nothing is missing.' : `Missing: ${coverage.missing.join('; ')}.`,
    ...queue.failed
      .slice(0, 20)
      .map(
        (failure) => `  conversation ${failure.id}: ${failure.code}, ${counted(failure.attempts, 'attempt')}`,
      ),
    ...(run === null
      ? []
      : [
          `Last run: ${run.status}, began ${minute(run.started_at)}${run.finished_at === null ? '' : `, ended ${minute(run.finished_at)}`}, ${counted(run.requests, 'request')}.`,
        ]),
    `Database: ${status.engine}, schema ${status.schema_version}.`,
    ...metadata.notes,
  ];
  return `${lines.join('\n')}\n`;
};

export const addStatus = (program: Command, context: CliContext): void => {
  const command = program
    .command('status')
    .description('What is mirrored, how fresh, how complete.')
    .option('--json', 'as JSON');
  addSettingFlags(command, 'status').action(
    async (flags: { readonly json?: boolean } & Record<string, unknown>) => {
      const config = context.config('status', flags);
      await using mirror = await askMirror(config, context.logger(config));
      const status = await mirror.status();
      await context.stdout.write(
        flags.json ? `${JSON.stringify(status)}\n` : statusReport(status, Date.now()),
      );
    },
  );
};
