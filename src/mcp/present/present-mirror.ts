import type { MirrorStatusAnswer, SyncStatusAnswer } from '../../query/types.ts';
import type { ToolAnswer } from '../define.ts';
import { metadataData, metadataLines } from './metadata.ts';
import { presentStatus } from './present-status.ts';

const titleOf = ({ aliases }: SyncStatusAnswer): string => `Workspace ${aliases.join(', ')}`;

const MINUTE_MS = 60_000;

/** The keys of FastIntercomMCP's `get_sync_status` (COMPETITORS B2): the same facts once more, under its names. */
const underOtherNames = ({ metadata, state, workspaces }: MirrorStatusAnswer): Record<string, unknown> => {
  const running = workspaces.find((status) => status.state === 'syncing');
  return {
    is_syncing: state === 'syncing',
    ...(running?.last_run ? { sync_started_at: running.last_run.started_at } : {}),
    ...(running?.progress ? { duration_minutes: Math.floor(running.progress.elapsed_ms / MINUTE_MS) } : {}),
    coverage_dates: { start: metadata.coverage.window.start, end: metadata.as_of },
  };
};

/** The status of the only workspace, or of each of several with what holds for all of them. */
export const presentMirror = (mirror: MirrorStatusAnswer): ToolAnswer => {
  const { metadata, state, workspaces } = mirror;
  const [only, second] = workspaces;
  const others = underOtherNames(mirror);
  if (second === undefined) {
    const { data, text } = presentStatus(only);
    return { text, data: { ...data, ...others } };
  }
  const answers = workspaces.map((status) => ({ status, answer: presentStatus(status) }));
  return {
    text: [
      `${workspaces.length} workspaces.`,
      ...answers.flatMap(({ status, answer }) => ['', `${titleOf(status)}:`, answer.text]),
      '',
      'All of them together:',
      ...metadataLines(metadata, []),
    ].join('\n'),
    data: {
      state,
      workspaces: answers.map(({ status, answer }) => ({ aliases: status.aliases, ...answer.data })),
      ...others,
      metadata: metadataData(metadata, metadata.notes),
    },
  };
};
