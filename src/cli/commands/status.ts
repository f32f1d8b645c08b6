import type { Command } from 'commander';
import {
  askMirror,
  type MirrorStatus,
  progressText,
  refusalText,
  type WorkspaceStatus,
} from '../../app/ask-mirror.ts';
import type { CliContext } from '../cli-context.ts';
import { ERROR_CODES } from '../../errors/codes.ts';
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

const stateOf = (entity: WorkspaceStatus['entities'][number]): string => {
  const refusal = refusalText(entity.access);
  if (refusal !== undefined) return refusal;
  return entity.complete ? `complete up to ${minute(entity.as_of ?? '')}` : 'not complete yet';
};

const isEmpty = (entity: WorkspaceStatus['entities'][number]): boolean =>
  entity.stored === 0 && entity.complete && entity.error === null && refusalText(entity.access) === undefined;

/** A line an entity; those of which Intercom has none share one. */
const entityLines = (entities: WorkspaceStatus['entities']): string[] => {
  const empty = entities.filter(isEmpty).map(({ entity }) => entity);
  return [
    ...entities
      .filter((entity) => !isEmpty(entity))
      .map(
        (entity) =>
          `  ${entity.entity.padEnd(23)} ${count(entity.stored).padStart(10)}  ${stateOf(entity)}${entity.error === null ? '' : ` · ${entity.error.code}: ${entity.error.remedy}`}`,
      ),
    ...(empty.length === 0 ? [] : [`  none in Intercom: ${empty.join(', ')}`]),
  ];
};

/** The second speed: with the list every metric is there, the messages follow. */
const threadLine = ({ entities, metadata, queue }: WorkspaceStatus): string => {
  const { hydrated, known } = metadata.coverage.conversations;
  const isListed = entities.some(({ complete, entity }) => entity === 'conversations' && complete);
  const threads = `${count(hydrated)} of ${count(known)} conversations have their whole thread; ${count(queue.waiting)} waiting`;
  return isListed && hydrated < known
    ? `All conversations are listed: counts and metrics are complete. Threads follow, newest first: ${threads}.`
    : `Threads: ${threads}.`;
};

const LOOKS: Readonly<Record<string, string>> = {
  recheck: 'what changed in the last 72 hours',
  open: 'what is open',
  sweep: 'everything',
  verify: 'everything, because somebody asked (verify)',
};

/** Looks at what is mirrored already. */
const lookLines = ({ compared, looks }: WorkspaceStatus): string[] => [
  ...looks.map(
    ({ done, kind, windows }) =>
      `Looking again at ${LOOKS[kind] ?? kind}: ${count(done)} of ${counted(windows, 'month')} done${kind === 'verify' ? '' : ', with at most 5 % of the rate limit'}.`,
  ),
  ...(compared === null
    ? []
    : [
        `Compared with Intercom: ${counted(compared.windows, 'month')}, the last one ${minute(compared.newest)}; ${compared.differences === 0 ? 'no difference' : `${counted(compared.differences, 'difference')} found and mended or queued`}.`,
      ]),
];

/** What is here of a workspace, how fresh, what is missing, what it is doing. */
const workspaceLines = (status: WorkspaceStatus, nowMs: number): string[] => {
  const { workspace, metadata, queue, last_run: run } = status;
  const { coverage } = metadata;
  return [
    workspace === null
      ? 'No workspace'
      : `Workspace ${workspace.id}${workspace.name === null ? '' : ` (${safeLine(workspace.name)})`}, region ${workspace.region ?? 'unknown'}, time zone ${workspace.time_zone}`,
    `${STATES[status.state]} ${metadata.as_of === null ? 'Not complete yet.' : `Everything up to ${minuteWithAge(metadata.as_of, nowMs)} is here.`}`,
    ...metadata.notes,
    '',
    ...entityLines(status.entities),
    '',
    ...(status.progress === null ? [] : [`The sync that runs: ${progressText(status.progress)}.`]),
    threadLine(status),
    ...(coverage.window.start === null
      ? []
      : [`Conversations from ${minute(coverage.window.start)} to ${minute(coverage.window.end ?? '')}.`]),
    coverage.complete ? 'Nothing is missing.' : `Missing: ${coverage.missing.join('; ')}.`,
    ...queue.failed
      .slice(0, 20)
      .map(
        (failure) =>
          `  conversation ${failure.id}: ${failure.code}, ${counted(failure.attempts, 'attempt')}; the next sync tries again`,
      ),
    ...(run === null
      ? []
      : [
          `Last run: ${run.status in ERROR_CODES ? `failed (${run.status})` : run.status}, began ${minute(run.started_at)}${run.finished_at === null ? '' : `, ended ${minute(run.finished_at)}`}, ${counted(run.requests, 'request')}.`,
        ]),
    ...lookLines(status),
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
