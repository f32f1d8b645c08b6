/** Stands at the top of every page. */
const GENERATED = '<!-- Made by `npm run docs`; changes by hand are lost. -->';

/** Text for a cell: one line, and no bar that would end the cell. */
const cell = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');

/** Text as code. */
export const code = (text: string): string => `\`${text}\``;

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

/** A page from its title and blocks, one blank line between them. */
export const page = (title: string, blocks: readonly string[]): string =>
  `${[`# ${title}`, GENERATED, ...blocks].join('\n\n')}\n`;
