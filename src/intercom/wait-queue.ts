export type Priority = 'high' | 'normal';

interface Waiter<T> {
  readonly ticket: number;
  readonly start: (permit: T) => void;
}

/** Requests that wait for a permit `T`: high priority first, then by ticket. */
export interface WaitQueue<T> {
  /** Resolves with the permit given by {@link next}; rejects with the signal's reason, then calls `onAbandon`. */
  wait(place: { priority: Priority; ticket: number; signal: AbortSignal }, onAbandon: () => void): Promise<T>;
  /** Takes the first one out; give it its permit at once. */
  next(): Waiter<T> | undefined;
  /** Priority of that one; undefined when nobody waits. */
  first(): Priority | undefined;
}

/** Creates an empty queue. */
export const createWaitQueue = <T>(): WaitQueue<T> => {
  const lines: Readonly<Record<Priority, Waiter<T>[]>> = { high: [], normal: [] };
  return {
    wait: ({ priority, ticket, signal }, onAbandon) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const line = lines[priority];
        const abandon = (): void => {
          const index = line.indexOf(waiter);
          if (index >= 0) line.splice(index, 1);
          reject(signal.reason);
          onAbandon();
        };
        const waiter: Waiter<T> = {
          ticket,
          start(permit) {
            signal.removeEventListener('abort', abandon);
            resolve(permit);
          },
        };
        signal.addEventListener('abort', abandon, { once: true });
        // A repeated request has an old ticket and goes to its old place; all others belong at the end.
        line.splice(line.findLastIndex((other) => other.ticket < ticket) + 1, 0, waiter);
      }),
    next: () => lines.high.shift() ?? lines.normal.shift(),
    first: () => (lines.high.length > 0 ? 'high' : lines.normal.length > 0 ? 'normal' : undefined),
  };
};
