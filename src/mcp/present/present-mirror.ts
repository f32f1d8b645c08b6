import type { MirrorStatusAnswer, SyncStatusAnswer } from '../../query/types.ts';
import type { ToolAnswer } from '../define.ts';
import { metadataData, metadataLines } from './metadata.ts';
import { presentStatus } from './present-status.ts';

const titleOf = ({ aliases }: SyncStatusAnswer): string => `Workspace ${aliases.join(', ')}`;

/** The status of the only workspace, or of each of several with what holds for all of them. */
export const presentMirror = ({ metadata, state, workspaces }: MirrorStatusAnswer): ToolAnswer => {
  const [only, second] = workspaces;
  if (second === undefined) return presentStatus(only);
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
      metadata: metadataData(metadata, metadata.notes),
    },
  };
};
