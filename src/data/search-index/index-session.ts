import type { ReadContext } from '../context.ts';
import type { Matched } from './index-rows.ts';
import { SegmentMatcher } from './match-segment.ts';
import { Scores } from './scores.ts';
import { loadSegments, type Segment } from './segment-cache.ts';
import { TermReader } from './term-reader.ts';
import type { Clause, IndexNode } from './types.ts';

/** What of a question says which documents have all of it. */
interface Strictly {
  readonly fixed: IndexNode;
  readonly loose: readonly Clause[];
  readonly roles: number | undefined;
}

/**
 * The index as one transaction sees it, with what was read and computed of it, for one question that is asked several times: with
 * the same clauses and conditions (the same objects), first as they are, then with what hints beside them.
 */
export class IndexSession {
  readonly segments: readonly Segment[];
  readonly reader: TermReader;
  readonly scores = new Scores();
  /** By segment and ordinal, what a document gains by the nearness of the words. */
  readonly nearness = new Map<Segment, Map<number, number>>();
  readonly #matchers = new Map<number | undefined, readonly SegmentMatcher[]>();
  #strict: (Strictly & { readonly matches: readonly Matched[] }) | undefined;

  private constructor(segments: readonly Segment[], reader: TermReader) {
    this.segments = segments;
    this.reader = reader;
  }

  static async open(context: ReadContext, workspaceId: string): Promise<IndexSession> {
    const segments = await loadSegments(context.db, context.segments, workspaceId);
    return new IndexSession(segments, new TermReader(context.db, workspaceId, context.alive));
  }

  /** One a segment. @param roles whose messages count, as `roleBit`s; undefined: everybody's */
  matchers(roles: number | undefined): readonly SegmentMatcher[] {
    const known = this.#matchers.get(roles);
    if (known !== undefined) return known;
    const made = this.segments.map((segment) => new SegmentMatcher(this.reader, segment, roles));
    this.#matchers.set(roles, made);
    return made;
  }

  /** The documents that have all of a question. @param match finds them, at the first time */
  async strictly(
    { fixed, loose, roles }: Strictly,
    match: () => Promise<readonly Matched[]>,
  ): Promise<readonly Matched[]> {
    const known = this.#strict;
    if (known?.fixed === fixed && known.loose === loose && known.roles === roles) return known.matches;
    const matches = await match();
    this.#strict = { fixed, loose, roles, matches };
    return matches;
  }
}
