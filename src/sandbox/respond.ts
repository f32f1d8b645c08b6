import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** Bodies below this are not worth packing. */
const GZIP_FROM_BYTES = 1_024;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Writes an answer whole. @returns bytes on the wire */
export const sendAnswer = (response: ServerResponse, answer: Answer, gzip: boolean): number => {
  const packed = gzip && answer.body.length >= GZIP_FROM_BYTES;
  const bytes = packed ? gzipSync(answer.body, { level: 1 }) : answer.body;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(packed ? { 'Content-Encoding': 'gzip' } : {}),
    'Content-Length': String(bytes.length),
  });
  response.end(bytes);
  return bytes.length;
};
