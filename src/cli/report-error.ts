import { CommanderError } from 'commander';
import { AppError, toAppError } from '../errors/app-error.ts';

/** Commander's codes for "help or version was asked for and shown". */
const SHOWN = new Set(['commander.helpDisplayed', 'commander.help', 'commander.version']);

/** True when a command line ended because help or the version was shown. */
export const wasShown = (error: unknown): error is CommanderError =>
  error instanceof CommanderError && SHOWN.has(error.code);

/** Any thrown value as an AppError; what commander refuses is USAGE_INVALID. */
export const asReportable = (error: unknown): AppError => {
  if (!(error instanceof CommanderError)) return toAppError(error);
  const sentence = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  const text = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return new AppError('USAGE_INVALID', /[.?!)]$/.test(text) ? text : `${text}.`);
};

/** Two lines for a person: what happened, and what to do about it. */
export const errorLines = (error: AppError): string =>
  `error ${error.code}: ${error.message}\n  ${error.remedy}\n`;

/** The same for a script. */
export const errorJson = ({ code, message, remedy }: AppError): { readonly error: object } => ({
  error: { code, message, remedy },
});
