import { Worker } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { newMarks, uninterrupted, untilInterruptible } from './uninterrupted.ts';

/** Counts the pieces of work that it began, and ended. */
const WORK = `
  const { workerData, parentPort } = require('node:worker_threads');
  import(workerData.module).then(({ mayBeEnded, uninterrupted }) => {
    mayBeEnded(workerData.marks);
    parentPort.postMessage('ready');
    for (;;) uninterrupted(() => {
      Atomics.add(workerData.counts, 0, 1);
      for (const until = performance.now() + 3; performance.now() < until; );
      Atomics.add(workerData.counts, 1, 1);
    });
  });
`;

it('lets a thread end between two pieces of work only', async () => {
  const module = new URL('./uninterrupted.ts', import.meta.url).href;
  for (let round = 0; round < 20; round += 1) {
    const marks = newMarks();
    const counts = new Int32Array(new SharedArrayBuffer(8));
    const worker = new Worker(WORK, { eval: true, workerData: { module, marks, counts } });
    await new Promise((resolve) => worker.once('message', resolve));
    await sleep(1 + round);
    await untilInterruptible(marks);
    const [begun, ended] = counts;
    expect(begun).toBe(ended);
    await sleep(5);
    // Nothing new was begun, and the thread that waits can be ended.
    expect([...counts]).toEqual([begun, ended]);
    await worker.terminate();
  }
});

it('runs the work of a thread that nobody ends as it is', () => {
  expect(uninterrupted(() => 7)).toBe(7);
  expect(() => uninterrupted(() => JSON.parse('{'))).toThrow(SyntaxError);
});
