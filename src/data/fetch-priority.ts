/** Places in the queue of what is to be fetched: the smallest goes first. */
export const PRIORITY = { live: 0, repair: 1, backfill: 2 } as const;
export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY];
