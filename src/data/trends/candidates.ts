import { addBit, type Bits, emptyBits } from '../../lib/bytes/bitset.ts';
import type { ReadContext } from '../context.ts';
import { filterQueryTerm } from '../search-index/match-segment.ts';
import type { TermReader } from '../search-index/term-reader.ts';
import { filterTerm } from '../search-index/types.ts';
import { collect, IN_WINDOW, type ScannedTerm, scanTerms } from './scan-terms.ts';
import { changeOf, correctionFor } from './statistics.ts';
import { TermTally } from './term-tally.ts';
import { kindOf, type TrendKind } from './trend-terms.ts';
import type { CountedSegment, Universe } from './universe.ts';

/** No probability above it is called a trend. */
export const LEVEL = 0.05;
/** A term of fewer conversations, both sides together, cannot be told from chance and is not compared. */
const LEAST_CONVERSATIONS = 5;
/** Words that more of the baseline's conversations have carry no subject. */
const STOP_SHARE = 0.3;
/** Those that changed most are looked at in full; what changed less than so is no trend, whatever stands beside it. */
const MOST = 200;
const LEAST_G2 = 6;

interface SideCounts {
  readonly window: number;
  readonly baseline: number;
}

/** A term that may be a trend, with the places of its conversations on each side. */
export interface Candidate {
  readonly term: string;
  readonly kind: TrendKind;
  /** Conversations that have it. */
  readonly counts: SideCounts;
  readonly window: Bits;
  readonly baseline: Bits;
}

export interface Candidates {
  /** Terms that were compared. */
  readonly compared: number;
  /** What probabilities are multiplied by, see `correctionFor`. */
  readonly correction: number;
  readonly list: readonly Candidate[];
}

const COLON = ':'.charCodeAt(0);
const CONTACT = new TextEncoder().encode(filterTerm('contact', ''));

const isContact = ({ bytes, length }: ScannedTerm): boolean => {
  if (bytes[0] !== COLON || length <= CONTACT.length) return false;
  for (let index = 0; index < CONTACT.length; index += 1) if (bytes[index] !== CONTACT[index]) return false;
  return true;
};

/** A contact's conversations get its number. */
const putContact = (
  { baseline, window }: Universe,
  { places, sides }: CountedSegment,
  number: number,
  ordinals: Int32Array,
): void => {
  for (const ordinal of ordinals) {
    const side = sides[ordinal] === IN_WINDOW ? window : baseline;
    side.contacts[places[ordinal] ?? 0] = number;
  }
};

/** How many are in the window: documents stand by created_at, and those of the window behind all of the baseline's. */
const inWindow = (sides: Uint8Array, ordinals: Int32Array, count: number): number => {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sides[ordinals[middle] as number] === IN_WINDOW) high = middle;
    else low = middle + 1;
  }
  return count - low;
};

/** The number of conversations of each side by term; fills in the contacts. */
const countAll = async (
  context: ReadContext,
  workspaceId: string,
  universe: Universe,
  roles: number,
): Promise<TermTally> => {
  const tally = new TermTally();
  const contacts = new TermTally();
  for (const counted of universe.segments) {
    const { sides } = counted;
    const ordinals = new Int32Array(counted.segment.size);
    await scanTerms(context, workspaceId, counted.segment, (found) => {
      const count = collect(found, counted, roles, ordinals);
      if (count === 0) return;
      if (isContact(found)) {
        const contact = contacts.numberOf(found.bytes, found.length) + 1;
        putContact(universe, counted, contact, ordinals.subarray(0, count));
        return;
      }
      const window = inWindow(sides, ordinals, count);
      const number = tally.numberOf(found.bytes, found.length);
      tally.window[number] = (tally.window[number] as number) + window;
      tally.baseline[number] = (tally.baseline[number] as number) + count - window;
    });
  }
  return tally;
};

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
  const tally = await countAll(context, workspaceId, universe, roles);
  const windowAll = universe.window.size;
  const baselineAll = universe.baseline.size;
  let compared = 0;
  const frequencies = new Map<number, number>();
  const changed: { term: string; kind: TrendKind; counts: SideCounts; g2: number }[] = [];
  for (let number = 0; number < tally.size; number += 1) {
    const counts = { window: tally.window[number] ?? 0, baseline: tally.baseline[number] ?? 0 };
    if (counts.window + counts.baseline < LEAST_CONVERSATIONS) continue;
    const kind = kindOf(tally.bytesOf(number));
    if (kind === undefined || (kind === 'word' && counts.baseline > STOP_SHARE * baselineAll)) continue;
    compared += 1;
    const having = counts.window + counts.baseline;
    frequencies.set(having, (frequencies.get(having) ?? 0) + 1);
    const { g2 } = changeOf([{ ...counts, windowAll, baselineAll }]);
    if (g2 >= LEAST_G2) changed.push({ term: tally.textOf(number), kind, counts, g2 });
  }
  changed.sort((a, b) => b.g2 - a.g2 || (a.term < b.term ? -1 : 1));
  const most = changed.slice(0, MOST);
  context.alive();
  const correction = correctionFor(frequencies, { windowAll, baselineAll, level: LEVEL });
  return { compared, correction, list: await withPlaces(most, reader, universe, roles) };
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
      const ordinals = new Int32Array(counted.until - counted.from);
      for (const { count, docs } of reader.find(counted.segment, query)) {
        const packed = { count, block: docs, start: 0, end: docs.length };
        const found = collect(packed, counted, roles, ordinals);
        for (const ordinal of ordinals.subarray(0, found)) {
          const side = counted.sides[ordinal] === IN_WINDOW ? candidate.window : candidate.baseline;
          addBit(side, counted.places[ordinal] ?? 0);
        }
      }
    }
    return candidate;
  });
};
