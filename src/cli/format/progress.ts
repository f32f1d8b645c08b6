import type { Writable } from 'node:stream';
import type { SyncProgress } from '../../app/run-sync.ts';
import { count, counted, duration } from './words.ts';

const BAR_CELLS = 28;
/** How often a line is written where there is no terminal. */
const LINE_INTERVAL_MS = 3_000;
const CLEAR_LINE = '\r\u001b[2K';

const shareOf = ({ conversations, phase }: SyncProgress): number => {
  if (phase === 'done') return 1;
  const { total, hydrated } = conversations;
  return total === null || total === 0 ? 0 : Math.min(1, hydrated / total);
};

/** One line that says where a sync stands. */
export const progressLine = (progress: SyncProgress): string => {
  const { phase, conversations, contacts, requests, elapsedMs, etaMs, listing, threads } = progress;
  if (phase === 'waiting') return `waiting for the sync of another process · ${duration(elapsedMs)}`;
  const of = conversations.total === null ? '' : ` of ${count(conversations.total)}`;
  const facts = [
    `${count(conversations.hydrated)}${of} conversations`,
    // Two speeds: with the list every metric is there, the messages follow.
    ...(phase === 'done' || listing.total === null || threads.done >= (threads.total ?? 0)
      ? [counted(contacts, 'contact')]
      : [listing.done < listing.total ? `${count(listing.done)} listed` : 'metrics complete']),
    counted(requests, 'request'),
    duration(elapsedMs),
    ...(etaMs === null || phase === 'done' ? [] : [`about ${duration(etaMs)} left`]),
  ];
  return facts.join(' · ');
};

/** A bar with the same line behind it, cut to the width of the terminal. */
export const progressBar = (progress: SyncProgress, columns: number): string => {
  const share = shareOf(progress);
  const cells = Math.round(share * BAR_CELLS);
  const bar = '█'.repeat(cells) + '░'.repeat(BAR_CELLS - cells);
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  return `${bar} ${percent}  ${progressLine(progress)}`.slice(0, Math.max(20, columns - 1));
};

/** Shows the progress of one sync on stderr. */
export interface ProgressView {
  readonly show: (progress: SyncProgress) => void;
  /** Leaves the line, so that other text can follow. */
  end(): void;
}

/** A bar on a terminal, a plain line every few seconds elsewhere. */
export const createProgressView = (
  stream: Writable & { readonly columns?: number },
  terminal: boolean,
  indent = '',
): ProgressView => {
  if (terminal) {
    let drawn = false;
    return {
      show(progress) {
        drawn = true;
        stream.write(CLEAR_LINE + indent + progressBar(progress, (stream.columns ?? 100) - indent.length));
      },
      end() {
        if (drawn) stream.write('\n');
      },
    };
  }
  let last = Number.NEGATIVE_INFINITY;
  return {
    show(progress) {
      if (progress.phase !== 'done' && progress.elapsedMs - last < LINE_INTERVAL_MS) return;
      last = progress.elapsedMs;
      stream.write(`${indent}${progress.phase}: ${progressLine(progress)}\n`);
    },
    end: () => undefined,
  };
};
