import type { RecordRow } from '../../data/reads/list-records.ts';
import { htmlToText } from '../../lib/text/html-to-text.ts';
import { isoTime } from '../iso-time.ts';
import type { RecordFields, RecordValue } from './record-types.ts';

const isTime = (name: string): boolean => name.endsWith('_at') || name.endsWith('_until');

/** A row as it is answered: times as ISO 8601, flags as true and false, what it does not have left out. */
export const fieldsOf = (row: RecordRow): RecordFields =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]): [string, RecordValue][] => {
      if (value === null || value === undefined || value === '') return [];
      if (isTime(name)) return [[name, isoTime(Number(value))]];
      if (name === 'open' || name === 'is_shared') return [[name, value === 1]];
      // Intercom's own is HTML.
      if (name === 'description') return [[name, htmlToText(String(value))]];
      return [[name, typeof value === 'number' ? value : String(value)]];
    }),
  );

/** Custom attributes by name; of a list all values. */
export const attributesOf = (
  attributes: readonly { readonly name: string; readonly value: string | null }[],
): RecordFields => {
  const found: Record<string, RecordValue> = {};
  for (const { name, value } of attributes) {
    const before = found[name];
    if (before === undefined) found[name] = value;
    else found[name] = Array.isArray(before) ? [...(before as RecordValue[]), value] : [before, value];
  }
  return found;
};
