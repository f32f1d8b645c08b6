import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Puts emphasis on text, or not. */
export type Style = (format: Format, text: string) => string;

/** Emphasis for a terminal that shows it; plain text for pipes and where NO_COLOR is set. */
export const styleFor = (stream: NodeJS.WriteStream): Style => {
  return (format, text) => styleText(format, text, { stream });
};

/** No emphasis, for files, pipes and tests. */
export const plainStyle: Style = (_format, text) => text;
