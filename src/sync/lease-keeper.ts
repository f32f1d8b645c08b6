import type { Store } from '../data/store.ts';
import { AppError } from '../errors/app-error.ts';
import { holderName, isHolderGone } from '../lib/process-holder.ts';

/** A lease that is held; it renews itself until it is released or lost. */
export interface HeldLease {
  readonly epoch: number;
  /** Aborts with SYNC_LEASE_LOST when another process took over. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Tries to become the one process that syncs the workspace; undefined when another one is. */
export const tryLease = async (
  store: Store,
  workspaceId: string,
  ttlMs: number,
): Promise<HeldLease | undefined> => {
  const ask = (deadHolder?: string) =>
    store.write('acquireLease', {
      workspaceId,
      holder: holderName(),
      ttlMs,
      ...(deadHolder === undefined ? {} : { deadHolder }),
    });
  let answer = await ask();
  if (!answer.acquired && answer.holder !== null && isHolderGone(answer.holder))
    answer = await ask(answer.holder);
  if (!answer.acquired) return undefined;
  const { epoch } = answer;
  const lost = new AbortController();
  const renew = async () => {
    const kept = await store.write('renewLease', { workspaceId, epoch, ttlMs }).catch(() => undefined);
    // A failed write says nothing about the lease; the fence in each write decides.
    if (kept === false) lost.abort(new AppError('SYNC_LEASE_LOST'));
  };
  const timer = setInterval(() => void renew(), Math.max(50, Math.floor(ttlMs / 3)));
  timer.unref();
  return {
    epoch,
    lost: lost.signal,
    async release() {
      clearInterval(timer);
      await store.write('releaseLease', { workspaceId, epoch }).catch(() => undefined);
    },
  };
};
