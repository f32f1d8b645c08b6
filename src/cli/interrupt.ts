/** Ctrl-C and SIGTERM as an abort signal, for as long as it is held. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

/** Exit code of a process that ended by SIGINT, as shells write it. */
const SIGINT_EXIT = 130;

/** The first signal asks the command to end in good order; a second one ends it at once. */
export const onInterrupt = (): Interrupt => {
  const controller = new AbortController();
  const listener = (): void => {
    if (controller.signal.aborted) process.exit(SIGINT_EXIT);
    controller.abort();
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      process.off('SIGINT', listener);
      process.off('SIGTERM', listener);
    },
  };
};

/** Resolves when the signal aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
