/**
 * Controls of the terminal, of text direction and invisible characters: C0 (without tab), DEL, C1, soft hyphen, zero
 * width, bidirectional marks, line separators, BOM, tags.
 */
const UNSAFE =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

const visible = (char: string): string => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;

/**
 * Text that somebody else wrote, for one line of a terminal: it can neither move the cursor nor hide anything. Line
 * breaks become spaces. Joiners inside emoji and scripts that need them stay.
 */
export const safeLine = (text: string): string =>
  text.replaceAll(/\s*\r?\n\s*/g, ' ').replaceAll(UNSAFE, visible);

/** The same for several lines: line breaks stay. */
export const safeLines = (text: string): string[] =>
  text.split(/\r?\n/).map((line) => line.replaceAll(UNSAFE, visible));
