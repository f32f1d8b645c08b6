import { type Bits, countBits, eachBit, fullBits, intersect, subtract } from '../../lib/bytes/bitset.ts';
import { type Candidate, type Candidates, LEVEL } from './candidates.ts';
import { type Change, changeOf, chiSquaredTail, dispersionOf, type Stratum } from './statistics.ts';
import type { Side, Universe } from './universe.ts';

export type Strength = 'strong' | 'moderate' | 'weak';

/** A term that changed, apart from those before it. */
export interface Trend {
  readonly candidate: Candidate;
  readonly rose: boolean;
  readonly strength: Strength;
  /** Corrected for the number of terms compared (Bonferroni, Tarone). */
  readonly pValue: number;
  /** Terms that changed with it, those of nearly the same conversations first. */
  readonly related: readonly Candidate[];
}

/** What each strength asks for: the corrected probability, the ratio of shares (or its inverse), conversations on the larger side. */
export const STRENGTHS: readonly {
  readonly strength: Strength;
  readonly pValue: number;
  readonly ratio: number;
  readonly conversations: number;
}[] = [
  { strength: 'strong', pValue: 0.001, ratio: 2, conversations: 8 },
  { strength: 'moderate', pValue: 0.01, ratio: 1.5, conversations: 5 },
  { strength: 'weak', pValue: LEVEL, ratio: 1.2, conversations: 3 },
];

/** Spans of the baseline that are compared with each other. */
const MOST_SPANS = 8;
const WEEK = 7;
/** Terms share a trend where so much of the rarer one's conversations is the other's. */
const RELATED_SHARE = 0.5;
/** Named are those whose conversations are nearly the same (Jaccard index). */
const NAMED_LIKENESS = 0.7;
const MOST_RELATED = 8;

/** A candidate under test. */
interface Tested {
  readonly candidate: Candidate;
  /** Its conversations by stratum. */
  readonly window: number[];
  readonly baseline: number[];
  /** What the evidence is divided by: conversations are not as independent as the test takes them. */
  readonly inflation: number;
}

interface Verdict {
  readonly tested: Tested;
  readonly change: Change;
  readonly evidence: number;
}

/** Equal spans of the baseline: by place the number of the span, and how many conversations each has. */
interface BaselineSpans {
  readonly places: Uint8Array;
  readonly sizes: readonly number[];
}

/** Whole weeks where the baseline has four: weekends are unlike other days. */
const spansOf = ({ days, size }: Side): BaselineSpans => {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const day of days) {
    if (day < first) first = day;
    if (day > last) last = day;
  }
  const total = last - first + 1;
  const length =
    total >= 4 * WEEK ? WEEK * Math.ceil(total / WEEK / MOST_SPANS) : Math.ceil(total / MOST_SPANS);
  const places = new Uint8Array(size);
  // Counted from the end: what is left over belongs to the first one, a span of a day or two would say little.
  const count = Math.max(1, Math.floor(total / length));
  const sizes = Array.from({ length: count }, () => 0);
  for (let place = 0; place < size; place += 1) {
    const span = Math.max(0, count - 1 - Math.floor((last - (days[place] ?? 0)) / length));
    places[place] = span;
    sizes[span] = (sizes[span] ?? 0) + 1;
  }
  return { places, sizes };
};

/** How the term's share varied within the baseline, but for its last span: there the change may have begun. */
const dispersionIn = ({ places, sizes }: BaselineSpans, having: Bits): number => {
  const counts = sizes.map(() => 0);
  eachBit(having, (place) => {
    const span = places[place] ?? 0;
    counts[span] = (counts[span] ?? 0) + 1;
  });
  const spans = sizes.map((all, span) => ({ all, having: counts[span] ?? 0 }));
  return dispersionOf(spans.slice(0, -1));
};

/** Conversations a contact, of a set. */
const perContact = ({ contacts }: Side, bits: Bits): number => {
  const seen = new Set<number>();
  let unknown = 0;
  eachBit(bits, (place) => {
    const contact = contacts[place] ?? 0;
    if (contact === 0) unknown += 1;
    else seen.add(contact);
  });
  return countBits(bits) / Math.max(1, seen.size + unknown);
};

/** How much more the conversations of a term come from the same contacts than all do. */
const clustering = (side: Side, bits: Bits, usual: number): number =>
  countBits(bits) === 0 ? 1 : Math.max(1, perContact(side, bits) / usual);

const stratumOf = (tested: Tested, sizes: Sizes, index: number): Stratum => ({
  windowAll: sizes.window[index] ?? 0,
  baselineAll: sizes.baseline[index] ?? 0,
  window: tested.window[index] ?? 0,
  baseline: tested.baseline[index] ?? 0,
});

interface Sizes {
  readonly window: number[];
  readonly baseline: number[];
}

const common = (a: Bits, b: Bits): number => {
  const both = a.slice();
  intersect(both, b);
  return countBits(both);
};

/** What is new takes the share of what was usual: of the two it is the cause, so what fell stands behind what rose as clearly. */
const FALL_WEIGHT = 0.5;
const rankOf = ({ change, evidence }: Verdict): number => (change.rose ? evidence : FALL_WEIGHT * evidence);

/** The most evident first; evidence tells them apart also where probabilities are too small to. */
const byEvidence = (a: Verdict, b: Verdict): number => {
  const apart = rankOf(b) - rankOf(a);
  if (Math.abs(apart) > 1e-9) return apart;
  const [first, second] = [a.tested.candidate, b.tested.candidate];
  // What is said is easier to read than what it was filed under.
  const words = Number(second.kind === 'word') - Number(first.kind === 'word');
  return words || (first.term < second.term ? -1 : 1);
};

const strengthOf = (candidate: Candidate, ratio: number, pValue: number): Strength | undefined => {
  const size = Math.max(candidate.counts.window, candidate.counts.baseline);
  const factor = Math.max(ratio, 1 / ratio);
  return STRENGTHS.find((each) => pValue <= each.pValue && factor >= each.ratio && size >= each.conversations)
    ?.strength;
};

/** The terms that changed, the most evident first; each is judged among conversations alike in all trends before it. */
export class TrendSelection {
  readonly #universe: Universe;
  readonly #correction: number;
  readonly #sizes: Sizes;
  /** Conversations that have none of the trends so far. */
  readonly #windowRest: Bits;
  readonly #baselineRest: Bits;
  #tested: readonly Tested[];

  constructor(universe: Universe, { correction, list }: Candidates) {
    const { baseline, window } = universe;
    this.#universe = universe;
    this.#correction = correction;
    this.#sizes = { window: [window.size], baseline: [baseline.size] };
    this.#windowRest = fullBits(window.size);
    this.#baselineRest = fullBits(baseline.size);
    const usual = {
      window: perContact(window, this.#windowRest),
      baseline: perContact(baseline, this.#baselineRest),
    };
    const spans = spansOf(baseline);
    this.#tested = list.map((candidate) => ({
      candidate,
      window: [candidate.counts.window],
      baseline: [candidate.counts.baseline],
      inflation:
        dispersionIn(spans, candidate.baseline) *
        Math.max(
          clustering(window, candidate.window, usual.window),
          clustering(baseline, candidate.baseline, usual.baseline),
        ),
    }));
  }

  /** The next trend; undefined when nothing else changed beyond chance. */
  next(): Trend | undefined {
    const verdicts = this.#tested.map((tested) => this.#judge(tested)).sort(byEvidence);
    for (const verdict of verdicts) {
      const pValue = this.#corrected(verdict);
      if (pValue > LEVEL) continue;
      const ratio = this.#cautiousRatio(verdict);
      const strength = ratio === undefined ? undefined : strengthOf(verdict.tested.candidate, ratio, pValue);
      if (strength === undefined) continue;
      const before = new Map(verdicts.map((each) => [each.tested, each]));
      this.#split(verdict.tested);
      const related = this.#related(verdict, before);
      return { candidate: verdict.tested.candidate, rose: verdict.change.rose, strength, pValue, related };
    }
    return undefined;
  }

  #judge(tested: Tested): Verdict {
    const strata = this.#sizes.window.map((_, index) => stratumOf(tested, this.#sizes, index));
    const change = changeOf(strata);
    return { tested, change, evidence: change.g2 / tested.inflation };
  }

  #corrected({ evidence }: Verdict): number {
    return Math.min(1, chiSquaredTail(evidence) * this.#correction);
  }

  /** The smaller of the change over all conversations and that within the strata; undefined where they contradict each other. */
  #cautiousRatio({ change, tested }: Verdict): number | undefined {
    const { counts } = tested.candidate;
    const { baseline, window } = this.#universe;
    const whole = changeOf([{ ...counts, windowAll: window.size, baselineAll: baseline.size }]).ratio;
    if (change.rose) return whole > 1 ? Math.min(whole, change.ratio) : undefined;
    return whole < 1 ? Math.max(whole, change.ratio) : undefined;
  }

  /** Its conversations become a stratum of their own. */
  #split(leader: Tested): void {
    const window = leader.candidate.window.slice();
    intersect(window, this.#windowRest);
    const baseline = leader.candidate.baseline.slice();
    intersect(baseline, this.#baselineRest);
    subtract(this.#windowRest, window);
    subtract(this.#baselineRest, baseline);
    const move = (list: number[], moved: number): void => {
      list[0] = (list[0] ?? 0) - moved;
      list.push(moved);
    };
    move(this.#sizes.window, countBits(window));
    move(this.#sizes.baseline, countBits(baseline));
    this.#tested = this.#tested.filter((tested) => tested !== leader);
    for (const tested of this.#tested) {
      move(tested.window, common(tested.candidate.window, window));
      move(tested.baseline, common(tested.candidate.baseline, baseline));
    }
  }

  /** Terms that changed the same way, mostly in the same conversations, and no longer on their own. */
  #related(leader: Verdict, before: ReadonlyMap<Tested, Verdict>): Candidate[] {
    const heavier = (candidate: Candidate): Bits =>
      leader.change.rose ? candidate.window : candidate.baseline;
    const own = heavier(leader.tested.candidate);
    const size = countBits(own);
    const found = this.#tested.flatMap((tested) => {
      const verdict = before.get(tested);
      if (verdict === undefined || verdict.change.rose !== leader.change.rose) return [];
      if (this.#corrected(verdict) > LEVEL) return [];
      const theirs = countBits(heavier(tested.candidate));
      const both = common(heavier(tested.candidate), own);
      if (both < RELATED_SHARE * Math.min(theirs, size)) return [];
      const likeness = both / (theirs + size - both);
      if (this.#corrected(this.#judge(tested)) <= LEVEL && likeness < RELATED_SHARE) return [];
      return [{ tested, likeness }];
    });
    const related = new Set(found.map(({ tested }) => tested));
    this.#tested = this.#tested.filter((tested) => !related.has(tested));
    return found
      .filter(({ likeness }) => likeness >= NAMED_LIKENESS)
      .sort((a, b) => b.likeness - a.likeness || (a.tested.candidate.term < b.tested.candidate.term ? -1 : 1))
      .slice(0, MOST_RELATED)
      .map(({ tested }) => tested.candidate);
  }
}

/** Conversations of both sides by day, from the first day of the baseline to the last of the window; with how many have the term. */
export const dailyCounts = (
  { baseline, window }: Universe,
  candidate: Candidate,
): { readonly firstDay: number; readonly all: Int32Array; readonly having: Int32Array } => {
  let firstDay = Number.POSITIVE_INFINITY;
  let lastDay = Number.NEGATIVE_INFINITY;
  for (const { days } of [baseline, window]) {
    for (const day of days) {
      if (day < firstDay) firstDay = day;
      if (day > lastDay) lastDay = day;
    }
  }
  const length = Math.max(0, lastDay - firstDay + 1);
  const all = new Int32Array(length);
  const having = new Int32Array(length);
  for (const [side, bits] of [
    [baseline, candidate.baseline],
    [window, candidate.window],
  ] as const) {
    for (const day of side.days) all[day - firstDay] = (all[day - firstDay] ?? 0) + 1;
    eachBit(bits, (place) => {
      const day = (side.days[place] ?? 0) - firstDay;
      having[day] = (having[day] ?? 0) + 1;
    });
  }
  return { firstDay, all, having };
};
