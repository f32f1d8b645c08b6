import type { SyncNowAnswer } from '../../query/types.ts';
import type { ToolAnswer } from '../define.ts';
import { presentMirror } from './present-mirror.ts';

/** Objects that are named; the rest is counted. */
const NAMED = 20;

const OUTCOME_WORDS: Readonly<Record<SyncNowAnswer['outcome'], string>> = {
  complete: 'The sync is done.',
  incomplete: 'The sync is done, but some objects could not be had.',
  running: 'The sync is not done yet; it goes on by itself.',
  requested: 'The sync was asked for and has not begun yet; it will by itself.',
};

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

/** What came of a sync that was asked for, and where the mirror stands now. */
export const presentSyncNow = (answer: SyncNowAnswer): ToolAnswer => {
  const { incomplete, outcome, run, status, time_left_ms: left, waited_ms: waited } = answer;
  const { data, text } = presentMirror(status);
  const lines = [
    `${OUTCOME_WORDS[outcome]} Waited ${seconds(waited)} (${waited} ms).`,
    ...(run === null
      ? [`Time left: ${left === null ? 'not known yet' : `about ${seconds(left)} (${left} ms)`}.`]
      : [
          `It made ${run.requests} requests in ${seconds(run.duration_ms)} (${run.duration_ms} ms): ${run.changed} changed, ${run.fetched} fetched one by one, ${run.failed} failed.`,
        ]),
    ...(incomplete.length === 0 ? [] : [`Not had: ${incomplete.length} objects.`]),
    ...incomplete
      .slice(0, NAMED)
      .map(
        ({ code, entity, id, workspace }) =>
          `  ${workspace === undefined ? '' : `${workspace}: `}${entity} ${id}: ${code}`,
      ),
    '',
    text,
  ];
  const { state, ...rest } = data;
  return {
    text: lines.join('\n'),
    data: {
      state,
      outcome,
      waited_ms: waited,
      ...(left === null ? {} : { time_left_ms: left }),
      ...(run === null ? {} : { run }),
      ...(incomplete.length === 0
        ? {}
        : { incomplete_count: incomplete.length, incomplete: incomplete.slice(0, NAMED) }),
      ...rest,
    },
  };
};
