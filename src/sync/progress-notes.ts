import type { Store } from '../data/store.ts';
import type { Fence } from '../data/writes/fence.ts';
import { toAppError } from '../errors/app-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { RunReport } from './run-report.ts';

const INTERVAL_MS = 500;

export interface ProgressNotesOptions {
  readonly store: Store;
  readonly logger: Logger;
  readonly fence: Fence;
  readonly runId: string;
  readonly report: RunReport;
}

/**
 * Writes twice a second at most where a run stands, so that other processes can say what it does and when it will be done.
 * A run that is over sooner writes nothing. @returns what ends it
 */
export const noteProgress = (options: ProgressNotesOptions): (() => void) => {
  const { fence, logger, report, runId, store } = options;
  let noted = '';
  let writing = false;
  const note = async (): Promise<void> => {
    const { elapsedMs, etaMs: _etaMs, ...counts } = report.progress();
    const { listing, threads, ...rest } = counts;
    const state = JSON.stringify([rest, listing.done, threads.done]);
    if (writing || state === noted) return;
    writing = true;
    noted = state;
    const progress = JSON.stringify({ ...counts, elapsedMs });
    try {
      await store.write('noteProgress', { fence, runId, requests: report.requests, progress });
    } catch (error) {
      // The run itself meets what is wrong; this is only about what others see of it.
      logger.debug({ code: toAppError(error).code }, 'the progress of a run could not be noted');
    } finally {
      writing = false;
    }
  };
  const timer = setInterval(() => void note(), INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
};
