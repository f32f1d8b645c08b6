import type { Command } from 'commander';
import { askMirror, type MirrorStatus, type WorkspaceStatus } from '../../app/ask-mirror.ts';
import type { CliContext } from '../cli-context.ts';
import { safeLine } from '../format/safe-text.ts';
import { count, counted, minute, minuteWithAge } from '../format/words.ts';
import { addSettingFlags } from '../setting-flags.ts';
import { addWorkspaceOption } from '../workspace-option.ts';

const STATES: Readonly<Record<WorkspaceStatus['state'], string>> = {
  never: 'Nothing has been mirrored yet.',
  syncing: 'A sync is running.',
  idle: 'No sync is running.',
  paused: 'The sync is paused.',
};

/** Why an entity may not be read. */
const REFUSALS: Readonly<Record<string, string>> = {
  no_permission: 'no permission',
  plan: 'not in the plan',
  version: 'not in this version of the API',
};

const stateOf = (entity: WorkspaceStatus['entities'][number]): string => {
  const refusal = REFUSALS[entity.access];
  if (refusal !== undefined) return refusal;
  return entity.complete ? `complete up to ${minute(entity.as_of ?? '')}` : 'not complete yet';
};

/** What is here of a workspace, how fresh, what is missing, what it is doing. */
const workspaceLines = (status: WorkspaceStatus, nowMs: number): string[] => {
  const { workspace, metadata, queue, last_run: run } = status;
  const { coverage } = metadata;
  return [
    workspace === null
      ? 'No workspace'
      : `Workspace ${workspace.id}${workspace.name === null ? '' : ` (${safeLine(workspace.name)})`}, region ${workspace.region ?? 'unknown'}, time zone ${workspace.time_zone}`,
    `${STATES[status.state]} ${metadata.as_of === null ? 'Not complete yet.' : `Everything up to ${minuteWithAge(metadata.as_of, nowMs)} is here.`}`,
    '',
    ...status.entities.map(
      (entity) =>
        `  ${entity.entity.padEnd(23)} ${count(entity.stored).padStart(10)}  ${stateOf(entity)}${entity.error === null ? '' : ` · ${entity.error.code}: ${entity.error.remedy}`}`,
    ),
    '',
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
    ...metadata.notes,
  ];
};

/** The same of all workspaces, one after the other; where there is only one, without its alias. */
const statusReport = (status: MirrorStatus, nowMs: number): string => {
  const { workspaces } = status;
  const lines = workspaces.flatMap((each) => [
    ...(workspaces.length === 1 ? [] : [`${each.aliases.join(', ')}:`]),
    ...workspaceLines(each, nowMs),
    ...(workspaces.length === 1 ? [] : ['']),
  ]);
  return `${[...lines, `Database: ${status.engine}, schema ${status.schema_version}.`].join('\n')}\n`;
};

/** Of one workspace the facts themselves, of several a list of them. */
const statusJson = ({ workspaces, ...all }: MirrorStatus): object => {
  const [only, second] = workspaces;
  const { engine, schema_version } = all;
  return second === undefined ? { ...only, engine, schema_version } : { ...all, workspaces };
};

export const addStatus = (program: Command, context: CliContext): void => {
  const command = program
    .command('status')
    .description('What is mirrored, how fresh, how complete.')
    .option('--json', 'as JSON');
  addWorkspaceOption(command, 'default: all of them');
  addSettingFlags(command, 'status').action(
    async (flags: { readonly json?: boolean; readonly workspace?: string } & Record<string, unknown>) => {
      const config = context.config('status', flags);
      await using mirror = await askMirror(config, context.logger(config));
      const status = await mirror.status({ workspace: flags.workspace });
      await context.stdout.write(
        flags.json ? `${JSON.stringify(statusJson(status))}\n` : statusReport(status, Date.now()),
      );
    },
  );
};
