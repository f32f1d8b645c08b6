import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../errors/app-error.ts';

/** Bytes of the signature that are sent; enough against forging, short for the model. */
const SIGNATURE_BYTES = 16;

const sign = (key: string, body: string): Buffer =>
  createHmac('sha256', key).update(body).digest().subarray(0, SIGNATURE_BYTES);

/** What a cursor is bound to: the same question, of the same workspace. */
export const fingerprint = (question: unknown): string =>
  createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 16);

/** A position as an opaque, signed string. */
export const encodeCursor = (key: string, boundTo: string, position: unknown): string => {
  const body = Buffer.from(JSON.stringify([boundTo, position])).toString('base64url');
  return `${body}.${sign(key, body).toString('base64url')}`;
};

/**
 * The position of a cursor that this mirror made for this question.
 * @throws AppError CURSOR_INVALID when it was tampered with, cut, or belongs to another question
 */
export const decodeCursor = (key: string, boundTo: string, cursor: string): unknown => {
  const [body = '', signature = ''] = cursor.split('.');
  const given = Buffer.from(signature, 'base64url');
  const right = sign(key, body);
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw new AppError('CURSOR_INVALID');
  const [question, position] = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as [
    string,
    unknown,
  ];
  if (question !== boundTo) throw new AppError('CURSOR_INVALID', 'The cursor belongs to another search.');
  return position;
};
