import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

const read = (from: () => string): string => {
  try {
    return from().trim();
  } catch {
    // Not Linux, or not to be read: nothing is known then.
    return '';
  }
};

/**
 * Where a process id means something: the machine since its last start, and the process id namespace of the container.
 * Containers may share a host name or a database without sharing their processes.
 */
const PLACE = [
  hostname(),
  read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
  read(() => readlinkSync('/proc/self/ns/pid')).replaceAll(/[^\d]/g, ''),
].join('/');

/** Names this process in a place that others read: place, process id, start. */
export const holderName = (): string => `${PLACE}:${process.pid}:${Math.floor(performance.timeOrigin)}`;

/** True when the named process ran here and is gone. Of other places nothing is known. */
export const isHolderGone = (holder: string | null): boolean => {
  const [place, pid] = (holder ?? '').split(':');
  if (place !== PLACE || pid === undefined || Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
};
