import type { RecordFields, RecordValue } from '../../query/records/record-types.ts';
import { cut, type Extent } from './budget.ts';
import { untrustedLine, visible } from './untrusted.ts';

/** A text in a list needs no more, whatever room there is. */
const TEXT_CELL = 2_000;

const clipped = (text: string, { cell }: Extent): string => cut(text, Math.min(cell, TEXT_CELL));

/** A value as data: every text visible, and cut where it is long. */
export const valueData = (value: RecordValue, extent: Extent): unknown => {
  if (typeof value === 'string') return visible(clipped(value, extent));
  if (Array.isArray(value)) return (value as readonly RecordValue[]).map((each) => valueData(each, extent));
  if (typeof value === 'object' && value !== null) return fieldsData(value as RecordFields, extent);
  return value;
};

const isEmpty = (value: RecordValue): boolean =>
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** Fields as data; what is empty costs no tokens. Names of custom attributes are the workspace's own, too. */
export const fieldsData = (fields: RecordFields, extent: Extent): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => !isEmpty(value))
      .map(([name, value]) => [visible(clipped(name, extent)), valueData(value, extent)]),
  );

/** A value in one line: `{name: Ann, email: a@b.c}`, `[one, two]`. */
const valueLine = (value: RecordValue, extent: Extent): string => {
  if (typeof value === 'string') return clipped(value, extent);
  if (Array.isArray(value))
    return `[${(value as readonly RecordValue[]).map((each) => valueLine(each, extent)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{${fieldsLine(value as RecordFields, extent)}}`;
  return String(value);
};

/** Fields in one line: `name: Ann, role: user`. It stands inside of untrusted marks. */
export const fieldsLine = (fields: RecordFields, extent: Extent): string =>
  untrustedLine(
    Object.entries(fields)
      .filter(([, value]) => !isEmpty(value))
      .map(([name, value]) => `${clipped(name, extent)}: ${valueLine(value, extent)}`)
      .join(', '),
  );
