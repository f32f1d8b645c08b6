import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../errors/app-error.ts';

/**
 * Bytes of the signature that are sent: enough against guessing, short for the model, and a multiple of three, so that
 * each character of its text counts.
 */
const SIGNATURE_BYTES = 9;

/** What a position is made of: the sort values of a row, and how the page was asked for. */
export type CursorField = string | number | null;

const sign = (key: string, boundTo: string, body: string): string =>
  createHmac('sha256', key)
    .update(`${boundTo}\n${body}`)
    .digest()
    .subarray(0, SIGNATURE_BYTES)
    .toString('base64url');

const encodeField = (field: CursorField): string => {
  if (field === null) return '';
  return typeof field === 'number' ? String(field) : `~${encodeURIComponent(field).replaceAll('_', '%5F')}`;
};

const decodeField = (text: string): CursorField => {
  if (text === '') return null;
  return text.startsWith('~') ? decodeURIComponent(text.slice(1)) : Number(text);
};

const isSame = (given: string, right: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** What a cursor is bound to: the same question, of the same workspace. */
export const fingerprint = (question: unknown): string =>
  createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 16);

/**
 * A position as a short, signed string. What it is bound to is signed with it and not sent, and numbers stand as they
 * are: a cursor is repeated by the model, in every answer, out of its budget.
 */
export const encodeCursor = (key: string, boundTo: string, position: readonly CursorField[]): string => {
  const body = position.map(encodeField).join('_');
  return `${body}.${sign(key, boundTo, body)}`;
};

/**
 * The position of a cursor that this mirror made for this question.
 * @throws AppError CURSOR_INVALID when it was tampered with, cut, or belongs to another question
 */
export const decodeCursor = (key: string, boundTo: string, cursor: string): readonly CursorField[] => {
  const at = cursor.lastIndexOf('.');
  const body = cursor.slice(0, Math.max(0, at));
  if (at < 0 || !isSame(cursor.slice(at + 1), sign(key, boundTo, body))) throw new AppError('CURSOR_INVALID');
  return body.split('_').map(decodeField);
};
