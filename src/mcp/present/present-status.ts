import { refusalText } from '../../query/access-words.ts';
import { progressText } from '../../query/run-progress.ts';
import type { SyncStatusAnswer } from '../../query/types.ts';
import type { ToolAnswer } from '../define.ts';
import { compact } from './compact.ts';
import { metadataData, metadataLines } from './metadata.ts';
import { untrusted, untrustedLine, visible } from './untrusted.ts';

/** Failed threads that are named; the rest is counted. */
const NAMED_FAILURES = 20;

const STATE_WORDS: Readonly<Record<SyncStatusAnswer['state'], string>> = {
  never: 'Nothing has been mirrored yet.',
  syncing: 'A sync is running.',
  idle: 'Up to date as of the last sync; no sync is running.',
  paused: 'The sync is paused.',
};

/** What is mirrored, how fresh, what is missing. */
export const presentStatus = (answer: SyncStatusAnswer): ToolAnswer => {
  const { workspace, last_run: run, progress, queue } = answer;
  const lines = [
    STATE_WORDS[answer.state],
    ...(workspace === null
      ? []
      : [
          `Workspace ${workspace.id} ${untrusted(untrustedLine(workspace.name ?? ''))}, region ${workspace.region ?? 'unknown'}, time zone ${workspace.time_zone}.`,
        ]),
    ...answer.entities.map((entity) => {
      const refusal = refusalText(entity.access);
      const state = refusal ?? (entity.complete ? `complete as of ${entity.as_of}` : 'not complete yet');
      return `${entity.entity}: ${entity.stored}, ${state}${entity.error === null ? '' : ` (${entity.error.code}: ${entity.error.message} ${entity.error.remedy})`}`;
    }),
    ...(progress === null
      ? []
      : [
          `The sync that runs: ${progressText(progress)}, ${progress.contacts} contacts listed, running for ${progress.elapsed_ms} ms.`,
        ]),
    `Threads waiting to be fetched: ${queue.waiting}; failed so far: ${queue.failed.length}.`,
    ...queue.failed
      .slice(0, NAMED_FAILURES)
      .map((failure) => `  conversation ${failure.id}: ${failure.code}, ${failure.attempts} attempts`),
    ...(run === null
      ? []
      : [
          `Last run: ${run.status}, began ${run.started_at}${run.finished_at === null ? '' : `, ended ${run.finished_at}`}, ${run.requests} requests.`,
        ]),
    ...metadataLines(answer.metadata, answer.metadata.notes),
  ];
  return {
    text: lines.join('\n'),
    data: {
      state: answer.state,
      ...(workspace === null
        ? {}
        : {
            workspace: compact({
              ...workspace,
              name: workspace.name === null ? null : visible(workspace.name),
            }),
          }),
      entities: answer.entities.map((entity) => compact({ ...entity })),
      queue: {
        waiting: queue.waiting,
        failed_count: queue.failed.length,
        failed: queue.failed.slice(0, NAMED_FAILURES),
      },
      ...(progress === null
        ? {}
        : {
            progress: {
              ...progress,
              listing: compact({ ...progress.listing }),
              threads: compact({ ...progress.threads }),
            },
          }),
      ...(run === null ? {} : { last_run: compact({ ...run }) }),
      metadata: metadataData(answer.metadata, answer.metadata.notes),
    },
  };
};
