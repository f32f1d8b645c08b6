import { type Bits, eachBit, hasBit } from '../../lib/bytes/bitset.ts';
import type { Candidate } from './candidates.ts';
import type { Trend } from './select-trends.ts';
import type { Side, Universe } from './universe.ts';

const EXAMPLES = 3;

/** The side on which the trend has more: there it is seen. */
const heavier = (candidate: Candidate, rose: boolean): 'window' | 'baseline' =>
  rose ? 'window' : 'baseline';

/** Newer first, then the larger id: alike on both engines. */
const newer = ({ created, keys }: Side, a: number, b: number): number =>
  (created[b] ?? 0) - (created[a] ?? 0) || (keys[b] ?? 0) - (keys[a] ?? 0);

/** Conversations that show a trend best: those with most of its terms, of equals the newest. */
export const exampleDocs = (universe: Universe, { candidate, related, rose }: Trend): number[] => {
  const name = heavier(candidate, rose);
  const side = universe[name];
  const others = related.map((each): Bits => each[name]);
  const places: { readonly place: number; readonly terms: number }[] = [];
  eachBit(candidate[name], (place) => {
    places.push({ place, terms: others.filter((bits) => hasBit(bits, place)).length });
  });
  return places
    .sort((a, b) => b.terms - a.terms || newer(side, a.place, b.place))
    .slice(0, EXAMPLES)
    .map(({ place }) => side.docIds[place] ?? 0);
};

interface Shown {
  readonly snippet: string;
  readonly highlights: readonly (readonly [number, number])[];
}

/** The run of characters around a place that has no space in it. */
const runAround = (text: string, start: number, end: number): string => {
  const before = text.slice(0, start).search(/\S*$/);
  const after = text.slice(end).search(/\s|$/);
  return text.slice(before, end + after);
};

/** Everywhere it is shown, the word is a piece of an address: it tells where somebody writes from, not about what. */
export const isOnlyInAddresses = (matches: readonly (Shown | null)[]): boolean => {
  const runs = matches.flatMap((match) =>
    (match?.highlights ?? []).map(([start, end]) => runAround(match?.snippet ?? '', start, end)),
  );
  return runs.length > 0 && runs.every((run) => /\S@\S|:\/\/|^www\./i.test(run));
};
