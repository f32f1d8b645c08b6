/** What the plan needs to know of a segment. */
export interface MergeCandidate {
  readonly id: number;
  readonly size: number;
  readonly deadCount: number;
}

/** So many segments of one size class become one of the next. */
const FAN_IN = 8;
const CLASS_FACTOR = 8;
/** Segments of fewer documents form the lowest class. */
const SMALLEST_CLASS = 64;
/** A merge makes no larger segment; so the largest merge stays a matter of seconds. */
const MAX_DOCS = 131_072;
/** A segment with this share of dead documents is written anew. */
const DEAD_SHARE = 0.3;

const living = ({ size, deadCount }: MergeCandidate): number => size - deadCount;

const classOf = (segment: MergeCandidate): number =>
  Math.max(0, Math.ceil(Math.log(living(segment) / SMALLEST_CLASS) / Math.log(CLASS_FACTOR)));

/**
 * The segments to merge next, undefined when all is well. Few segments keep questions fast, and each document is written
 * again only about once a class (a log-structured merge).
 */
export const planMerge = <T extends MergeCandidate>(segments: readonly T[]): readonly T[] | undefined => {
  const classes = new Map<number, T[]>();
  for (const segment of segments) {
    const size = classOf(segment);
    classes.set(size, [...(classes.get(size) ?? []), segment]);
  }
  for (const [, group] of [...classes].sort(([a], [b]) => a - b)) {
    if (group.length < FAN_IN) continue;
    // The emptiest first, as many as fit into one segment.
    const picked: T[] = [];
    let total = 0;
    for (const segment of [...group].sort((a, b) => living(a) - living(b) || a.id - b.id)) {
      total += living(segment);
      if (total > MAX_DOCS) break;
      picked.push(segment);
    }
    if (picked.length >= 2) return picked;
  }
  const wasteful = segments.find(({ size, deadCount }) => deadCount > 0 && deadCount >= DEAD_SHARE * size);
  return wasteful === undefined ? undefined : [wasteful];
};
