import { AppError } from '../errors/app-error.ts';
import type { OptionRow } from './option-table.ts';

/** A value as it was given: its text and the name of where it stood (`PORT`, `--port`). */
export interface GivenValue {
  readonly name: string;
  readonly text: string;
}

const MAX_SHOWN = 60;

/** The value for a message; never one that may be a secret. */
const shown = (row: OptionRow, text: string): string => {
  // An address may carry a password, whatever the setting is.
  if (row.secret || row.type === 'url') return 'The value';
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
};

const refuse = (row: OptionRow, given: GivenValue, wanted: string): AppError =>
  new AppError('CONFIG_INVALID', `${given.name}: ${shown(row, given.text)} is not ${wanted}.`, {
    remedy: `Correct ${given.name}, or leave it out.`,
  });

const numberOf = (row: OptionRow, given: GivenValue): number => {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = row;
  const form = row.type === 'integer' ? /^\d{1,15}$/ : /^\d{1,15}(\.\d{1,15})?$/;
  const value = form.test(given.text) ? Number(given.text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw refuse(row, given, `a ${row.type === 'integer' ? 'whole number' : 'number'} from ${min} to ${max}`);
};

const urlOf = (row: OptionRow, given: GivenValue): string => {
  const url = URL.canParse(given.text) ? new URL(given.text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw refuse(row, given, 'an http or https address');
  if (url.username || url.password) throw refuse(row, given, 'an address without user name and password');
  return given.text.replace(/\/+$/, '');
};

/** Text → value of the row's type. Throws CONFIG_INVALID that names the setting, and the value unless it may be secret. */
export const checkValue = (row: OptionRow, given: GivenValue): string | number => {
  if (row.type === 'integer' || row.type === 'number') return numberOf(row, given);
  if (row.type === 'url') return urlOf(row, given);
  if (row.choices) {
    const choice = given.text.toLowerCase();
    if (!row.choices.includes(choice)) throw refuse(row, given, `one of ${row.choices.join(', ')}`);
    return choice;
  }
  return given.text;
};
