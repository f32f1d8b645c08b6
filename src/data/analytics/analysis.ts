import { eachBit, hasBit } from '../../lib/bytes/bitset.ts';
import { type ZoneClock, zoneClock } from '../../lib/zone-clock.ts';
import type { ReadContext } from '../context.ts';
import type { IndexMatches } from '../search-index/ask-index.ts';
import { type DocColumns, hasTime } from '../search-index/doc-columns.ts';
import { filterQueryTerm } from '../search-index/match-segment.ts';
import { CONTACTS, type MetricColumn } from '../search-index/metric-columns.ts';
import { readMetrics } from '../search-index/metric-rows.ts';
import type { Segment } from '../search-index/segment-cache.ts';
import { filterTerm, type SearchTimeField } from '../search-index/types.ts';
import { momentsOf, openDuring } from './backlog.ts';
import { eachContact, readCanonical, readContactSegments, readNextContacts } from './contacts.ts';
import {
  type Dimension,
  dimensionPrefix,
  eachGroup,
  Groups,
  groupsOf,
  type SegmentGroups,
} from './dimensions.ts';
import { type MetricContext, type MetricName, METRICS } from './metrics.ts';
import type { SegmentFacts } from './segment-facts.ts';
import { Tally } from './tally.ts';

/** What is counted of which conversations, but for the condition that they fulfil. */
export interface AnalysisQuestion {
  readonly workspaceId: string;
  readonly metrics: readonly MetricName[];
  /** At most two. */
  readonly dimensions: readonly Dimension[];
  /** The time frame, half-open, Unix seconds. */
  readonly start?: number;
  readonly end?: number;
  /** What the time frame is of. */
  readonly timeField: SearchTimeField;
  readonly zone: string;
  /** Unix seconds: the mirror is complete up to then. */
  readonly asOf: number;
  /** Unix seconds; no backlog lies behind it. */
  readonly now: number;
  readonly recontactDays: number;
}

/** Filter terms that the metrics look at, state among them for backlogs. */
const termsOf = (metrics: readonly MetricName[]): string[] => [
  ...new Set([filterTerm('state', 'closed'), ...metrics.flatMap((name) => METRICS[name].terms ?? [])]),
];

const needsContacts = ({ dimensions, metrics }: AnalysisQuestion): boolean =>
  metrics.includes('contacts') ||
  metrics.includes('recontact_rate') ||
  dimensions.some(({ by }) => by === 'segment');

/** Reads what the question needs of every segment. */
export const readFacts = async (
  context: ReadContext,
  args: AnalysisQuestion,
  { matches, reader, segments: all }: IndexMatches,
): Promise<(segment: Segment) => SegmentFacts> => {
  // Who comes again may do so in a conversation that the filters leave out.
  const segments = args.metrics.includes('recontact_rate') ? all : matches.map(({ segment }) => segment);
  const prefixes = args.dimensions.flatMap((dimension) => dimensionPrefix(dimension) ?? []);
  await reader.load(segments, [
    ...termsOf(args.metrics).map(filterQueryTerm),
    ...prefixes.map((term) => ({ term, prefix: true })),
  ]);
  const columns = new Set<MetricColumn>(args.metrics.flatMap((name) => METRICS[name].columns ?? []));
  const names: (MetricColumn | typeof CONTACTS)[] = [
    ...columns,
    ...(needsContacts(args) ? ([CONTACTS] as const) : []),
  ];
  const metrics = await readMetrics(context.db, args.workspaceId, segments, names);
  const known = new Map<Segment, SegmentFacts>();
  return (segment) => {
    const before = known.get(segment);
    if (before !== undefined) return before;
    const made: SegmentFacts = {
      size: segment.size,
      numbers: (name) => metrics.numbers(segment, name),
      times: (field) => segment.columns.times[field],
      having: (term) => reader.bits(segment, filterQueryTerm(term)),
      contacts: () => metrics.contacts(segment),
    };
    known.set(segment, made);
    return made;
  };
};

type Over = 'frame' | 'closed' | 'backlog';

/** One counting of one question. */
export class Analysis {
  readonly #context: ReadContext;
  readonly #args: AnalysisQuestion;
  readonly #found: IndexMatches;
  readonly #facts: (segment: Segment) => SegmentFacts;
  readonly #clock: ZoneClock;
  readonly groups: readonly Groups[];
  readonly tally: Tally;

  constructor(
    context: ReadContext,
    args: AnalysisQuestion,
    found: IndexMatches,
    facts: (segment: Segment) => SegmentFacts,
  ) {
    this.#context = context;
    this.#args = args;
    this.#found = found;
    this.#facts = facts;
    this.groups = args.dimensions.map(() => new Groups());
    this.tally = new Tally(args.metrics);
    const [oldest, newest] = timesOf(found.segments);
    this.#clock = zoneClock(
      args.zone,
      Math.min(oldest, args.start ?? oldest),
      Math.max(newest, args.now) + 1,
    );
  }

  /** Counts everything that is asked for. */
  async run(): Promise<void> {
    const { dimensions, metrics, workspaceId } = this.#args;
    const canonical = needsContacts(this.#args)
      ? await readCanonical(this.#context, workspaceId)
      : (hash: number) => hash;
    const bySegment = dimensions.some(({ by }) => by === 'segment');
    const segmentsOf = bySegment ? await readContactSegments(this.#context, workspaceId) : () => [];
    const own = (contact: number): readonly string[] => segmentsOf(canonical(contact));
    const metricContext = this.#metricContext(canonical);
    for (const over of ['frame', 'closed', 'backlog'] as const) {
      const places = metrics.flatMap((name, place) => (METRICS[name].over === over ? [place] : []));
      if (places.length === 0) continue;
      if (over === 'backlog') this.#countBacklog(places, own);
      else this.#countFrame(places, over, own, metricContext, canonical);
    }
  }

  #metricContext(canonical: (hash: number) => number): MetricContext {
    const { asOf, metrics, recontactDays, start, end } = this.#args;
    const nextContact = metrics.includes('recontact_rate')
      ? readNextContacts(
          this.#found.segments.map((segment) => ({
            facts: this.#facts(segment),
            isLiving: (ordinal: number) => segment.dead === undefined || !hasBit(segment.dead, ordinal),
          })),
          canonical,
          {
            start:
              this.#args.timeField === 'created_at'
                ? (start ?? Number.NEGATIVE_INFINITY)
                : Number.NEGATIVE_INFINITY,
            end:
              this.#args.timeField === 'created_at' && end !== undefined
                ? end + recontactDays * 86_400 + 1
                : Number.POSITIVE_INFINITY,
          },
        )
      : () => Number.POSITIVE_INFINITY;
    return { asOf, recontactDays, nextContact };
  }

  #groupsOf(
    segment: Segment,
    timeField: SearchTimeField,
    own: (contact: number) => readonly string[],
    dimensions: readonly (Dimension | undefined)[] = this.#args.dimensions,
  ) {
    const facts = this.#facts(segment);
    const source = {
      segment,
      facts,
      reader: this.#found.reader,
      clock: this.#clock,
      timeField,
      segmentsOf: own,
      start: this.#args.start ?? Number.NEGATIVE_INFINITY,
      end: this.#args.end ?? Number.POSITIVE_INFINITY,
    };
    return dimensions.map((dimension, place) =>
      dimension === undefined ? undefined : groupsOf(source, dimension, this.groups[place] as Groups),
    );
  }

  /** What is counted of the conversations of the frame, or of those closed in it. */
  #countFrame(
    places: readonly number[],
    over: Exclude<Over, 'backlog'>,
    own: (contact: number) => readonly string[],
    metricContext: MetricContext,
    canonical: (hash: number) => number,
  ): void {
    const { metrics, start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY } = this.#args;
    const timeField = over === 'closed' ? 'closed_at' : this.#args.timeField;
    const isBounded = over === 'closed' || this.#args.start !== undefined || this.#args.end !== undefined;
    for (const { matched, segment } of this.#found.matches) {
      this.#context.alive();
      const facts = this.#facts(segment);
      const times = facts.times(timeField);
      const groups = this.#groupsOf(segment, timeField, own).filter((each) => each !== undefined);
      const values = places.map((place) => METRICS[metrics[place] as MetricName].value(facts, metricContext));
      const distinct = metrics.indexOf('contacts');
      const walk = over === 'frame' && distinct >= 0 ? eachContact(facts, canonical) : undefined;
      eachBit(matched, (ordinal) => {
        const time = times[ordinal] ?? 0;
        if (isBounded && (!hasTime(time) || time < start || time >= end)) return;
        const numbers = values.map((valueOf) => valueOf(ordinal));
        this.tally.eachRow(groups, ordinal, (row) => {
          numbers.forEach((value, index) => row[places[index] as number]?.add(value));
          walk?.(ordinal, (contact) => row[distinct]?.addDistinct(contact));
        });
      });
    }
  }

  /** How many stood open at the end of the frame, or at the end of each calendar unit in it. */
  #countBacklog(places: readonly number[], own: (contact: number) => readonly string[]): void {
    const { dimensions, now, zone } = this.#args;
    const timePlace = dimensions.findIndex(({ by }) => by === 'time');
    const time = dimensions[timePlace];
    const [oldest] = timesOf(this.#found.segments);
    const { end = Number.POSITIVE_INFINITY, start = oldest } = this.#args;
    const unit = time?.by === 'time' ? time.unit : undefined;
    const moments = momentsOf({ start, end }, now, unit, this.#clock, zone);
    const others = dimensions.map((dimension) => (dimension.by === 'time' ? undefined : dimension));
    const changes: Changes = new Map();
    for (const { matched, segment } of this.#found.matches) {
      this.#context.alive();
      const during = openDuring(this.#facts(segment), moments);
      const groups = this.#groupsOf(segment, 'created_at', own, others).filter((each) => each !== undefined);
      eachBit(matched, (ordinal) => {
        const [from, until] = during(ordinal);
        if (from >= until) return;
        if (time !== undefined) {
          if (until === moments.at.length) for (const place of places) this.tally.total[place]?.shift(1);
          change(changes, groups[0], ordinal, { from, until, of: moments.at.length });
        } else
          this.tally.eachRow(groups, ordinal, (row) => {
            for (const place of places) row[place]?.shift(1);
          });
      });
    }
    if (time === undefined) return;
    const units = moments.units.map((value) => (this.groups[timePlace] as Groups).place(value));
    for (const [group, steps] of changes) {
      let count = 0;
      units.forEach((bucket, moment) => {
        count += steps[moment] ?? 0;
        if (count === 0) return;
        const row =
          dimensions.length === 1
            ? this.tally.row(bucket, 0)
            : this.tally.row(timePlace === 0 ? bucket : group, timePlace === 0 ? group : bucket);
        for (const place of places) row[place]?.shift(count);
      });
    }
  }
}

/** By group: by how much the backlog changes at each moment. Their running sums are the backlogs. */
type Changes = Map<number, Int32Array>;

/** A conversation is open from one moment until before another. */
const change = (
  changes: Changes,
  groups: SegmentGroups | undefined,
  ordinal: number,
  { from, of, until }: { readonly from: number; readonly until: number; readonly of: number },
): void => {
  const put = (group: number): void => {
    const steps = changes.get(group) ?? new Int32Array(of + 1);
    changes.set(group, steps);
    steps[from] = (steps[from] ?? 0) + 1;
    steps[until] = (steps[until] ?? 0) - 1;
  };
  if (groups === undefined) put(0);
  else eachGroup(groups, ordinal, put);
};

/** The oldest and the newest of all times of a segment, which never change. */
const spans = new WeakMap<DocColumns, readonly [oldest: number, newest: number]>();

const spanOf = (columns: DocColumns): readonly [oldest: number, newest: number] => {
  const known = spans.get(columns);
  if (known !== undefined) return known;
  let [oldest, newest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const times of Object.values(columns.times)) {
    for (const time of times) {
      if (!hasTime(time)) continue;
      if (time < oldest) oldest = time;
      if (time > newest) newest = time;
    }
  }
  spans.set(columns, [oldest, newest]);
  return [oldest, newest];
};

const timesOf = (segments: readonly Segment[]): readonly [oldest: number, newest: number] => {
  const all = segments.map(({ columns }) => spanOf(columns));
  const oldest = Math.min(...all.map(([first]) => first));
  const newest = Math.max(...all.map(([, last]) => last));
  return oldest > newest ? [0, 0] : [oldest, newest];
};
