import type { Style } from './style.ts';

/** Columns of equal width, two spaces apart; the first row names them. */
export const textTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
): string[] => {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [style('bold', line(head)), ...rows.map(line)];
};
