import type { ToolAnswer } from '../define.ts';
import { estimateTokens } from './tokens.ts';

/** How much of an answer is rendered. */
export interface Extent {
  /** Rows, from the first on. */
  readonly shown: number;
  /** Longest text of one cell, in characters. */
  readonly cell: number;
  /** Only what a caller cannot do without: where it stands and how to go on. */
  readonly brief: boolean;
}

export interface Budgeted {
  /** Rows there are to show. */
  readonly rows: number;
  readonly maxTokens: number;
  readonly render: (extent: Extent) => ToolAnswer;
}

/** Longest texts of a cell, tried from left to right when even one row is too much. */
const CELLS = [64_000, 32_000, 16_000, 8_000, 4_000, 2_000, 1_000, 500, 200];
const SMALL_CELLS = [200, 60, 0];
const WHOLE = Number.POSITIVE_INFINITY;
/** Rows that are rendered at the first try; a thousand rows are not, to learn that fifty fit. */
const FIRST_TRY = 32;

const fits = (answer: ToolAnswer, maxTokens: number): boolean =>
  estimateTokens(answer.text) <= maxTokens && estimateTokens(JSON.stringify(answer.data)) <= maxTokens;

/** The largest number from 0 to `most` that passes; when one fails, so do all above it. */
const largest = (most: number, passes: (count: number) => boolean): number => {
  let low = 0;
  let high = Math.min(most, FIRST_TRY);
  while (passes(high)) {
    if (high === most) return most;
    low = high;
    high = Math.min(most, 2 * high);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (passes(middle)) low = middle;
    else high = middle;
  }
  return low;
};

/**
 * The answer with as many rows as fit, text and data counted apart (CONTRACT "Budgets"). When not even one row fits, its
 * texts are shortened, and then what stands around it: an answer that has rows shows one, so that a caller that pages
 * on always gets further.
 */
export const withinBudget = ({ rows, maxTokens, render }: Budgeted): ToolAnswer => {
  const passes = (extent: Extent): boolean => fits(render(extent), maxTokens);
  const shown = largest(rows, (count) => passes({ shown: count, cell: WHOLE, brief: false }));
  const whole = { shown, cell: WHOLE, brief: false };
  if (shown > 0 || (rows === 0 && passes(whole))) return render(whole);
  const one = Math.min(rows, 1);
  const smaller = [
    ...CELLS.map((cell) => ({ shown: one, cell, brief: false })),
    ...SMALL_CELLS.map((cell) => ({ shown: one, cell, brief: true })),
  ];
  return render(smaller.find(passes) ?? { shown: one, cell: 0, brief: true });
};

/** A text cut to a size, with a statement of what is missing. */
export const cut = (text: string, size: number): string =>
  text.length <= size
    ? text
    : `${text.slice(0, size).toWellFormed()} [cut: ${text.length - size} more characters]`;

/** What a budget left out, in words for `notes`. */
export const cutNotes = (extent: Extent, dropped: number, maxTokens: number, rows: string): string[] => {
  if (extent.brief) return [`Cut to ${maxTokens} tokens.`];
  const left =
    dropped > 0
      ? [
          `${dropped} ${rows} of this page were left out to fit ${maxTokens} tokens; continue with next_cursor.`,
        ]
      : [];
  return extent.cell === WHOLE ? left : [...left, `Texts were cut to fit ${maxTokens} tokens.`];
};
