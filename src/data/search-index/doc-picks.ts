/** Which documents of several segments make a new one, in its order: the segment's place, and the ordinal in it. At most 256 segments. */
export interface DocPicks {
  readonly sources: Uint8Array;
  readonly ordinals: Int32Array;
}
