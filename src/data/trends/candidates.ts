import { addBit, type Bits, emptyBits } from '../../lib/bytes/bitset.ts';
import type { ReadContext } from '../context.ts';
import { filterQueryTerm } from '../search-index/match-segment.ts';
import type { TermReader } from '../search-index/term-reader.ts';
import { filterTerm } from '../search-index/types.ts';
import {
  countSides,
  eachCounted,
  IN_WINDOW,
  type ScannedTerm,
  scanTerms,
  type SideCounts,
} from './scan-terms.ts';
import { changeOf } from './statistics.ts';
import { kindOf, type TrendKind } from './trend-terms.ts';
import type { Universe } from './universe.ts';

/** A term of fewer conversations, both sides together, cannot be told from chance and is not compared. */
const LEAST_CONVERSATIONS = 5;
/** Words that more of the baseline's conversations have carry no subject. */
const STOP_SHARE = 0.3;
/** Those that changed most are looked at in full; what changed less than so is no trend, whatever stands beside it. */
const MOST = 200;
const LEAST_G2 = 6;

/** A term that may be a trend, with the places of its conversations on each side. */
export interface Candidate {
  readonly term: string;
  readonly kind: TrendKind;
  readonly counts: Readonly<SideCounts>;
  readonly window: Bits;
  readonly baseline: Bits;
}

export interface Candidates {
  /** Terms that were compared: what probabilities are corrected by. */
  readonly compared: number;
  readonly list: readonly Candidate[];
}

const decoder = new TextDecoder();
const COLON = ':'.charCodeAt(0);
const CONTACT = new TextEncoder().encode(filterTerm('contact', ''));

const beginsWith = (bytes: Uint8Array, start: Uint8Array): boolean =>
  bytes.length > start.length && start.every((byte, index) => bytes[index] === byte);

/** Takes the contacts of the counted documents from the terms that filter by them. */
class ContactNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #universe: Universe;

  constructor(universe: Universe) {
    this.#universe = universe;
  }

  take(found: ScannedTerm, segment: Universe['segments'][number]): void {
    let number: number | undefined;
    eachCounted(found, segment, 0, (ordinal) => {
      if (number === undefined) {
        const key = decoder.decode(found.bytes);
        number = this.#numbers.get(key) ?? this.#numbers.size + 1;
        this.#numbers.set(key, number);
      }
      const { baseline, window } = this.#universe;
      const side = segment.sides[ordinal] === IN_WINDOW ? window : baseline;
      side.contacts[segment.places[ordinal] ?? 0] = number;
    });
  }
}

/** The number of conversations of each side by term; fills in the contacts. */
const countAll = async (
  context: ReadContext,
  workspaceId: string,
  universe: Universe,
  roles: number,
): Promise<ReadonlyMap<string, SideCounts>> => {
  const counts = new Map<string, SideCounts>();
  const contacts = new ContactNumbers(universe);
  const found: SideCounts = { window: 0, baseline: 0 };
  for (const counted of universe.segments) {
    await scanTerms(context, workspaceId, counted.segment, (scanned) => {
      if (scanned.bytes[0] === COLON && beginsWith(scanned.bytes, CONTACT)) {
        contacts.take(scanned, counted);
        return;
      }
      countSides(scanned, counted, roles, found);
      if (found.window + found.baseline === 0) return;
      const term = decoder.decode(scanned.bytes);
      const known = counts.get(term);
      if (known === undefined) counts.set(term, { ...found });
      else {
        known.window += found.window;
        known.baseline += found.baseline;
      }
    });
  }
  return counts;
};

const isCompared = (kind: TrendKind, { baseline, window }: SideCounts, baselineAll: number): boolean =>
  window + baseline >= LEAST_CONVERSATIONS && (kind !== 'word' || baseline <= STOP_SHARE * baselineAll);

/** Terms that were compared, and of those the most changed. @param roles whose words count, see `roleBit` */
export const findCandidates = async (
  context: ReadContext,
  workspaceId: string,
  {
    reader,
    roles,
    universe,
  }: { readonly reader: TermReader; readonly roles: number; readonly universe: Universe },
): Promise<Candidates> => {
  const counts = await countAll(context, workspaceId, universe, roles);
  const windowAll = universe.window.size;
  const baselineAll = universe.baseline.size;
  let compared = 0;
  const changed: { term: string; kind: TrendKind; counts: SideCounts; g2: number }[] = [];
  for (const [term, each] of counts) {
    if (each.window + each.baseline < LEAST_CONVERSATIONS) continue;
    const kind = kindOf(term);
    if (kind === undefined || !isCompared(kind, each, baselineAll)) continue;
    compared += 1;
    const { g2 } = changeOf([{ ...each, windowAll, baselineAll }]);
    if (g2 >= LEAST_G2) changed.push({ term, kind, counts: each, g2 });
  }
  changed.sort((a, b) => b.g2 - a.g2 || (a.term < b.term ? -1 : 1));
  const most = changed.slice(0, MOST);
  context.alive();
  return { compared, list: await withPlaces(most, reader, universe, roles) };
};

/** Reads the documents of some terms. */
const withPlaces = async (
  terms: readonly { term: string; kind: TrendKind; counts: SideCounts }[],
  reader: TermReader,
  { baseline, segments, window }: Universe,
  roles: number,
): Promise<Candidate[]> => {
  const wanted = terms.map(({ term }) => filterQueryTerm(term));
  await reader.load(
    segments.map(({ segment }) => segment),
    wanted,
  );
  return terms.map(({ counts, kind, term }, place): Candidate => {
    const candidate = {
      term,
      kind,
      counts,
      window: emptyBits(window.size),
      baseline: emptyBits(baseline.size),
    };
    const query = wanted[place] ?? filterQueryTerm(term);
    for (const counted of segments) {
      for (const { count, docs } of reader.find(counted.segment, query)) {
        const list = { bytes: docs, count, block: docs, start: 0, end: docs.length };
        eachCounted(list, counted, kind === 'word' ? roles : 0, (ordinal) => {
          const side = counted.sides[ordinal] === IN_WINDOW ? candidate.window : candidate.baseline;
          addBit(side, counted.places[ordinal] ?? 0);
        });
      }
    }
    return candidate;
  });
};
