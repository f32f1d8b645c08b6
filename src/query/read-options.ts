import type { CallContext } from './types.ts';

/** What a call asks of the storage. */
export const readOptions = (call: CallContext | undefined) => ({
  ...(call?.signal ? { signal: call.signal } : {}),
  ...(call?.deadlineMs === undefined ? {} : { deadlineMs: call.deadlineMs }),
});

/** Milliseconds of a call that says nothing; as `ReadOptions`. */
const DEFAULT_DEADLINE_MS = 10_000;

/** The same for a use case that asks several times: each read gets what is left of the deadline of the whole call. */
export const readOptionsWithin = (call: CallContext | undefined): (() => ReturnType<typeof readOptions>) => {
  const end = performance.now() + (call?.deadlineMs ?? DEFAULT_DEADLINE_MS);
  const options = readOptions(call);
  return () => ({ ...options, deadlineMs: Math.max(1, Math.ceil(end - performance.now())) });
};
