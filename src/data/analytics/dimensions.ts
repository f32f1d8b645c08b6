import { type CalendarUnit, unitName, type ZoneClock } from '../../lib/zone-clock.ts';
import { hasTime } from '../search-index/doc-columns.ts';
import { ordinalsOf } from '../search-index/doc-list.ts';
import { type IndexedField, NONE } from '../search-index/filter-fields.ts';
import { contactStarts } from '../search-index/metric-columns.ts';
import type { Segment } from '../search-index/segment-cache.ts';
import type { TermReader } from '../search-index/term-reader.ts';
import { ATTRIBUTE_PREFIX, fieldPrefix, type SearchTimeField } from '../search-index/types.ts';
import type { SegmentFacts } from './segment-facts.ts';

/** What conversations are grouped by. */
export type Dimension =
  | { readonly by: 'time'; readonly unit: CalendarUnit }
  /** A field of the index; `skip`: values that are no group of their own where there is another. */
  | { readonly by: 'field'; readonly field: IndexedField; readonly skip?: string }
  /** A custom attribute by its folded name. */
  | { readonly by: 'attribute'; readonly name: string }
  /** Segments of the contacts. */
  | { readonly by: 'segment' };

/** The groups of the documents of a segment, as places in `Groups`. */
export interface SegmentGroups {
  /** A document's first, and mostly only, group. */
  readonly first: Int32Array;
  /** Further ones. */
  readonly more: ReadonlyMap<number, readonly number[]>;
}

const NOBODY = -1;

/** The values of a dimension, in the order in which they were met. */
export class Groups {
  /** A value, or the number of a calendar unit. */
  readonly values: (string | number)[] = [];
  readonly #places = new Map<string | number, number>();

  place(value: string | number): number {
    const known = this.#places.get(value);
    if (known !== undefined) return known;
    const place = this.values.length;
    this.values.push(value);
    this.#places.set(value, place);
    return place;
  }
}

/** A group's value as it is told: calendar units in words. */
export const groupValue = (dimension: Dimension, value: string | number): string =>
  dimension.by === 'time' ? unitName(Number(value), dimension.unit) : String(value);

/** How the terms of a dimension begin; undefined where they are none. */
export const dimensionPrefix = (dimension: Dimension): string | undefined => {
  if (dimension.by === 'field') return fieldPrefix(dimension.field);
  return dimension.by === 'attribute' ? `${ATTRIBUTE_PREFIX}${dimension.name}=` : undefined;
};

/** What the groups of a segment are made from. */
export interface GroupSource {
  readonly segment: Segment;
  readonly facts: SegmentFacts;
  readonly reader: TermReader;
  readonly clock: ZoneClock;
  /** Which time calendar units are of. */
  readonly timeField: SearchTimeField;
  /** Only times of this span matter. */
  readonly start: number;
  readonly end: number;
  /** Segments by the hash of a contact. */
  readonly segmentsOf: (contact: number) => readonly string[];
}

/** Collects groups document by document. */
class Collected implements SegmentGroups {
  readonly first: Int32Array;
  readonly more = new Map<number, number[]>();

  constructor(size: number) {
    this.first = new Int32Array(size).fill(NOBODY);
  }

  put(ordinal: number, place: number): void {
    if (this.first[ordinal] === NOBODY) {
      this.first[ordinal] = place;
      return;
    }
    const others = this.more.get(ordinal);
    if (others === undefined) this.more.set(ordinal, [place]);
    else others.push(place);
  }

  /** Documents without a group are the group "none". */
  finish(groups: Groups): this {
    if (this.first.includes(NOBODY)) {
      const none = groups.place(NONE);
      for (let ordinal = 0; ordinal < this.first.length; ordinal += 1)
        if (this.first[ordinal] === NOBODY) this.first[ordinal] = none;
    }
    return this;
  }
}

const byTerms = (
  { reader, segment }: GroupSource,
  prefix: string,
  groups: Groups,
  skip: string | undefined,
): SegmentGroups => {
  const found = new Collected(segment.size);
  const skipped: Int32Array[] = [];
  for (const { count, docs, term } of reader.termsBeginning(segment, prefix)) {
    const value = term.slice(prefix.length);
    const ordinals = ordinalsOf(docs, count, segment.size);
    if (value === skip) {
      skipped.push(ordinals);
      continue;
    }
    const place = groups.place(value);
    for (const ordinal of ordinals) found.put(ordinal, place);
  }
  for (const ordinals of skipped) {
    const place = groups.place(skip ?? NONE);
    for (const ordinal of ordinals) if (found.first[ordinal] === NOBODY) found.put(ordinal, place);
  }
  return found.finish(groups);
};

const byTime = (
  { clock, end, facts, start, timeField }: GroupSource,
  unit: CalendarUnit,
  groups: Groups,
): SegmentGroups => {
  const times = facts.times(timeField);
  const found = new Collected(facts.size);
  // Documents stand in the order of time, mostly: the last unit is mostly the next one's, too.
  let [place, from, until] = [NOBODY, 0, 0];
  for (let ordinal = 0; ordinal < facts.size; ordinal += 1) {
    const time = times[ordinal] ?? 0;
    if (time < start || time >= end || !hasTime(time)) continue;
    if (time < from || time >= until) {
      const span = clock.unitSpan(time, unit);
      place = groups.place(span.value);
      [from, until] = [span.from, span.until];
    }
    found.first[ordinal] = place;
  }
  return found;
};

const bySegment = ({ facts, segmentsOf }: GroupSource, groups: Groups): SegmentGroups => {
  const contacts = facts.contacts();
  const starts = contactStarts(contacts);
  const found = new Collected(facts.size);
  for (let ordinal = 0; ordinal < facts.size; ordinal += 1) {
    const own = contacts.hashes.subarray(starts[ordinal], starts[ordinal + 1]);
    const values = new Set<string>();
    for (const contact of own) for (const id of segmentsOf(contact)) values.add(id);
    for (const value of values) found.put(ordinal, groups.place(value));
  }
  return found.finish(groups);
};

/** The groups of the documents of a segment. The terms must be loaded. */
export const groupsOf = (source: GroupSource, dimension: Dimension, groups: Groups): SegmentGroups => {
  switch (dimension.by) {
    case 'time':
      return byTime(source, dimension.unit, groups);
    case 'segment':
      return bySegment(source, groups);
    default:
      return byTerms(
        source,
        dimensionPrefix(dimension) ?? '',
        groups,
        dimension.by === 'field' ? dimension.skip : undefined,
      );
  }
};

/** Calls `each` for every group of a document. */
export const eachGroup = (
  { first, more }: SegmentGroups,
  ordinal: number,
  each: (place: number) => void,
): void => {
  const place = first[ordinal] ?? NOBODY;
  if (place !== NOBODY) each(place);
  if (more.size > 0) for (const other of more.get(ordinal) ?? []) each(other);
};
