import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { AppError } from '../errors/app-error.ts';

/** A command's way to stdout: keeps to the pace of the reader and falls silent when the reader has gone (`| head`). */
export interface Output {
  /** Aborts when nobody reads any more; long work should stop then. */
  readonly gone: AbortSignal;
  /** Resolves when more may be written. Throws INTERNAL when the output cannot be written, for example to a full disk. */
  write(text: string): Promise<void>;
}

/** An {@link Output} over a stream; it owns the stream's errors from now on. */
export const createOutput = (stream: Writable): Output => {
  const gone = new AbortController();
  let failure: AppError | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') {
      failure = new AppError('INTERNAL', `The output could not be written (${error.code ?? error.name}).`, {
        cause: error,
        remedy: 'Free space or write to another place, then run the command again.',
      });
    }
    gone.abort();
  });
  const check = (): boolean => {
    if (failure) throw failure;
    return !gone.signal.aborted;
  };
  return {
    gone: gone.signal,
    async write(text) {
      if (!check() || text === '' || stream.write(text)) return;
      await once(stream, 'drain', { signal: gone.signal }).catch(() => undefined);
      check();
    },
  };
};
