import { hostname } from 'node:os';

/** Names this process in a place that others read: host, process id, start. */
export const holderName = (): string => `${hostname()}:${process.pid}:${Math.floor(performance.timeOrigin)}`;

/** True when the named process ran on this machine and is gone. Of other machines nothing is known. */
export const isHolderGone = (holder: string | null): boolean => {
  const [host, pid] = (holder ?? '').split(':');
  if (host !== hostname() || pid === undefined || Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
};
