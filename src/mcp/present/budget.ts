import type { ToolAnswer } from '../define.ts';
import { estimateTokens } from './tokens.ts';

export interface Budgeted {
  /** Rows there are to show. */
  readonly rows: number;
  readonly maxTokens: number;
  /** The answer with the first `shown` rows; `cell` is the longest text of a row, in characters. */
  readonly render: (shown: number, cell: number) => ToolAnswer;
}

/** Longest text of one cell, tried from left to right when even one row is too much. */
const CELLS = [4_000, 1_500, 600, 200, 60, 0];
const WIDEST = 1_000_000;

const fits = (answer: ToolAnswer, maxTokens: number): boolean =>
  estimateTokens(answer.text) <= maxTokens && estimateTokens(JSON.stringify(answer.data)) <= maxTokens;

/**
 * The answer with as many rows as fit, text and data counted apart (CONTRACT "Budgets"). When not even one row fits, its
 * texts are shortened, and said to be; the last resort is an answer without rows.
 */
export const withinBudget = ({ rows, maxTokens, render }: Budgeted): ToolAnswer => {
  const whole = render(rows, WIDEST);
  if (fits(whole, maxTokens)) return whole;
  let low = 0;
  let high = rows - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(render(middle, WIDEST), maxTokens)) low = middle;
    else high = middle - 1;
  }
  if (low > 0) return render(low, WIDEST);
  const cell = rows === 0 ? undefined : CELLS.find((size) => fits(render(1, size), maxTokens));
  return cell === undefined ? render(0, 0) : render(1, cell);
};

/** A text cut to a size, with a statement of what is missing. */
export const cut = (text: string, size: number): string =>
  text.length <= size
    ? text
    : `${text.slice(0, size).toWellFormed()} [cut: ${text.length - size} more characters]`;
