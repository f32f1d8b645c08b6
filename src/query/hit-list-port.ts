/** Keeps what searches found for their further pages, for about a day. The query layer cannot write: `app` can. */
export interface HitListKeeper {
  /** Takes a list and returns at once. A list that is kept already is kept once. */
  keep(workspaceId: string, listId: string, hits: Uint8Array): void;
  /** One that this process holds still. */
  find(workspaceId: string, listId: string): Uint8Array | undefined;
}
