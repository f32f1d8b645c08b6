/**
 * `backfill`: everything from the beginning. `poll`: what changed. The others look once more at what is here, for changes
 * that no poll shows (TRAPS T40): `recheck` at what was active lately, `open` at what is open, `sweep` at everything,
 * slowly; `verify` at everything, because somebody asked. All may be under way at the same time.
 */
export type ScanKind = 'backfill' | 'poll' | 'recheck' | 'open' | 'sweep' | 'verify';

/** Under this name `sync_states` says when a scan of this kind was done. Backfill and poll are the entity's own. */
export const stateOfScan = (entity: string, kind: ScanKind): string =>
  kind === 'backfill' || kind === 'poll' ? entity : `${entity}/${kind}`;
