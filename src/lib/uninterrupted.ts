import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Some native calls must not be cut off: a thread that is ended while it makes a zstd stream takes the whole process with it
 * (Node 24: "Assertion failed: init_done_ && close before init"). Such calls run between marks that another thread can see.
 */
const BUSY = 0;
const ENDING = 1;

export type Marks = Int32Array<SharedArrayBuffer>;

export const newMarks = (): Marks => new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));

/** Of this thread; undefined where nobody ends it. */
let own: Marks | undefined;

/** Says that this thread may be ended by whoever holds these marks. */
export const mayBeEnded = (marks: Marks): void => {
  own = marks;
};

/** Runs `work` to its end, or not at all: a thread that is to be ended waits for that here. */
export const uninterrupted = <T>(work: () => T): T => {
  if (own === undefined) return work();
  Atomics.store(own, BUSY, 1);
  try {
    if (Atomics.load(own, ENDING) === 1) {
      Atomics.store(own, BUSY, 0);
      Atomics.wait(own, ENDING, 1);
    }
    return work();
  } finally {
    Atomics.store(own, BUSY, 0);
  }
};

/** Resolves as soon as the thread with these marks may be ended, and stays out of such calls from then on. */
export const untilInterruptible = async (marks: Marks): Promise<void> => {
  Atomics.store(marks, ENDING, 1);
  while (Atomics.load(marks, BUSY) === 1) await sleep(1);
};
