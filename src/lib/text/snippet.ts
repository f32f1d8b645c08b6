import { analyse, analyseWithOffsets, matchesSequence, type PlacedTerm, type QueryTerm } from './analyse.ts';

const DEFAULT_MAX_CHARS = 240;
/** Text before the first match. */
const LEAD_SHARE = 0.25;
/** Longer texts are only searched up to here; a snippet of a book-long message need not be the best one. */
const MAX_SCANNED = 200_000;

type Sequence = readonly QueryTerm[];

interface Span {
  readonly start: number;
  readonly end: number;
  readonly sequence: number;
}

export interface Snippet {
  readonly text: string;
  /** Different sequences that stand in the snippet. */
  readonly matches: number;
  /** [start, end) in UTF-16 units of `text`. */
  readonly highlights: [number, number][];
}

const findSpans = (placed: readonly PlacedTerm[], sequences: readonly Sequence[]): Span[] => {
  const terms = placed.map((term) => term.term);
  const spans: Span[] = [];
  sequences.forEach((sequence, index) => {
    if (sequence.length === 0) return;
    for (let at = matchesSequence(terms, sequence); at >= 0; at = matchesSequence(terms, sequence, at + 1)) {
      const first = placed[at];
      const last = placed[at + sequence.length - 1];
      if (first && last) spans.push({ start: first.start, end: last.end, sequence: index });
    }
  });
  return spans.sort((a, b) => a.start - b.start || a.end - b.end);
};

/** The span from which on most different sequences fit into the window; the earliest of equals. */
const bestStart = (spans: readonly Span[], maxChars: number): number => {
  let best = { start: spans[0]?.start ?? 0, distinct: 0 };
  const room = maxChars * (1 - LEAD_SHARE);
  let from = 0;
  const counts = new Map<number, number>();
  for (const span of spans) {
    counts.set(span.sequence, (counts.get(span.sequence) ?? 0) + 1);
    for (
      let first = spans[from];
      first && span.end - first.start > room && first !== span;
      first = spans[from]
    ) {
      const left = (counts.get(first.sequence) ?? 1) - 1;
      if (left === 0) counts.delete(first.sequence);
      else counts.set(first.sequence, left);
      from += 1;
    }
    if (counts.size > best.distinct)
      best = { start: spans[from]?.start ?? span.start, distinct: counts.size };
  }
  return best.start;
};

const isBreak = (text: string, index: number): boolean => /\s/.test(text[index] ?? ' ');

/** Moves a cut to a word border where one is near, and never into a surrogate pair. */
const snap = (text: string, index: number, step: 1 | -1): number => {
  if (index <= 0) return 0;
  if (index >= text.length) return text.length;
  for (let moved = 0; moved < 24; moved += 1) {
    const at = index + step * moved;
    if (at <= 0 || at >= text.length) return Math.min(Math.max(at, 0), text.length);
    if (isBreak(text, at)) return at;
  }
  const low = text.charCodeAt(index);
  return low >= 0xdc00 && low <= 0xdfff ? index + step : index;
};

const merge = (ranges: [number, number][]): [number, number][] => {
  const merged: [number, number][] = [];
  for (const [start, end] of ranges) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
};

/**
 * The stretch of a text that shows most of what was looked for, with the places to highlight. Line breaks become
 * spaces; `…` stands where it was cut.
 */
export const snippet = (
  text: string,
  sequences: readonly Sequence[],
  options: { readonly maxChars?: number } = {},
): Snippet => {
  const maxChars = options.maxChars ?? DEFAULT_MAX_CHARS;
  const scanned = text.length > MAX_SCANNED ? text.slice(0, MAX_SCANNED) : text;
  const spans = sequences.length === 0 ? [] : findSpans(analyseWithOffsets(scanned), sequences);
  const whole = text.length <= maxChars;
  const lead = Math.floor(maxChars * LEAD_SHARE);
  const begin = whole ? 0 : Math.max(0, Math.min(bestStart(spans, maxChars) - lead, text.length - maxChars));
  const start = whole ? 0 : snap(text, begin, 1);
  const end = whole ? text.length : Math.max(start, snap(text, Math.min(text.length, begin + maxChars), -1));
  const head = start > 0 ? '…' : '';
  const tail = end < text.length ? '…' : '';
  const body = text.slice(start, end).replace(/[\r\n\t]/g, ' ');
  const shift = head.length - start;
  const inside = spans.filter((span) => span.start >= start && span.end <= end);
  return {
    text: head + body + tail,
    matches: new Set(inside.map((span) => span.sequence)).size,
    highlights: merge(inside.map((span): [number, number] => [span.start + shift, span.end + shift])),
  };
};

/** The part that holds most of the sequences, whole ones; of equals the earliest. */
export const bestPart = (
  parts: readonly { readonly text: string }[],
  sequences: readonly Sequence[],
): { readonly index: number; readonly matched: number } => {
  let best = { index: 0, matched: -1 };
  parts.forEach((part, index) => {
    const terms = analyse(part.text.length > MAX_SCANNED ? part.text.slice(0, MAX_SCANNED) : part.text);
    const matched = sequences.filter(
      (sequence) => sequence.length > 0 && matchesSequence(terms, sequence) >= 0,
    ).length;
    if (matched > best.matched) best = { index, matched };
  });
  return { index: best.index, matched: Math.max(0, best.matched) };
};
