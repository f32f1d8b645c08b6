import type { CallContext } from './types.ts';

/** What a call asks of the storage. */
export const readOptions = (call: CallContext | undefined) => ({
  ...(call?.signal ? { signal: call.signal } : {}),
  ...(call?.deadlineMs === undefined ? {} : { deadlineMs: call.deadlineMs }),
});
