import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { editAnswer } from './edit-answer.ts';
import type { Fault, StatusFault } from './faults.ts';
import { type Answer, sendAnswer } from './respond.ts';

const HTML = 'text/html';
const PAGE = Buffer.from(
  '<html><head><title>Maintenance</title></head><body><h1>Back soon</h1></body></html>',
);
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

interface Spoiling {
  readonly response: ServerResponse;
  readonly answer: Answer;
  /** Of the request, which a repeated cursor leads back to. */
  readonly cursor: string | undefined;
  /** Unix ms. */
  readonly now: number;
}

/** Sends the first bytes of the body under the headers of all of it. */
const sendPart = ({ response, answer }: Spoiling, bytes: number): number => {
  const part = answer.body.subarray(0, bytes);
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': String(answer.body.length) });
  response.write(part);
  return part.length;
};

const sendWhole = (
  { response, answer }: Spoiling,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): number => sendAnswer(response, { status, headers: { ...answer.headers, ...headers }, body }, false);

/** Changes what leads to the next page; an answer without pages stays as it is. */
const withPages = (
  { response, answer }: Spoiling,
  change: (json: Record<string, unknown>, pages: Record<string, unknown>) => void,
): number => {
  const json = JSON.parse(answer.body.toString('utf8')) as Record<string, unknown>;
  if (typeof json.pages === 'object' && json.pages !== null)
    change(json, json.pages as Record<string, unknown>);
  return sendAnswer(response, { ...answer, body: Buffer.from(JSON.stringify(json)) }, false);
};

const RATE_OR_ID = /^x-(ratelimit-|request-id$)/i;

const statusHeaders = (fault: StatusFault, answer: Answer, now: number): Record<string, string> => {
  const { retryAfterSeconds: wait, retryAfterAs = 'seconds', resetInSeconds: reset } = fault;
  const kept = Object.entries(answer.headers).filter(([name]) => !fault.bare || !RATE_OR_ID.test(name));
  const limited = fault.status === 429 && !fault.bare;
  return {
    ...Object.fromEntries(kept),
    ...(limited ? { 'X-RateLimit-Remaining': '0' } : {}),
    ...(reset === undefined ? {} : { 'X-RateLimit-Reset': String(Math.floor(now / 1000) + reset) }),
    ...(wait === undefined
      ? {}
      : {
          'Retry-After': retryAfterAs === 'date' ? new Date(now + wait * 1000).toUTCString() : String(wait),
        }),
    ...(fault.html ? { 'Content-Type': HTML } : {}),
    ...fault.headers,
  };
};

const sendStatus = ({ response, answer, now }: Spoiling, fault: StatusFault): number => {
  const envelope = {
    type: 'error.list',
    request_id: null,
    errors: [{ code: fault.code ?? 'server_error', message: fault.message ?? '' }],
  };
  const body = fault.html ? PAGE : Buffer.from(JSON.stringify(envelope));
  const headers = statusHeaders(fault, answer, now);
  return sendAnswer(response, { status: fault.status, headers, body }, false);
};

const drip = ({ response, answer }: Spoiling, bytesPerSecond: number): number => {
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': String(answer.body.length) });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(answer.body.subarray(sent, sent + 1));
    sent += 1;
    if (sent < answer.body.length) return;
    clearInterval(timer);
    response.end();
  }, 1_000 / bytesPerSecond);
  response.once('close', () => clearInterval(timer));
  return answer.body.length;
};

const sendCorruptGzip = ({ response, answer }: Spoiling): number => {
  const packed = gzipSync(answer.body);
  // The last eight bytes are the checksum and the length.
  packed.fill(0, packed.length - 8);
  response.writeHead(answer.status, {
    ...answer.headers,
    'Content-Encoding': 'gzip',
    'Content-Length': String(packed.length),
  });
  response.end(packed);
  return packed.length;
};

const breakOff = (spoiling: Spoiling, bytes: number, how: 'reset' | 'end'): number => {
  const { socket } = spoiling.response;
  const sent = sendPart(spoiling, bytes);
  setImmediate(() => (how === 'reset' ? socket?.resetAndDestroy() : socket?.end()));
  return sent;
};

/** Writes the answer as the fault spoils it. @returns bytes on the wire */
export const sendFaulty = (spoiling: Spoiling, fault: Fault): number => {
  const { response, answer, cursor } = spoiling;
  const { body } = answer;
  switch (fault.kind) {
    case 'status':
      return sendStatus(spoiling, fault);
    case 'reset':
      response.socket?.resetAndDestroy();
      return 0;
    case 'reset_after':
      return breakOff(spoiling, fault.bytes, 'reset');
    case 'wrong_length':
      return breakOff(spoiling, Math.max(0, body.length - 1), 'end');
    case 'truncated':
      return sendWhole(spoiling, body.subarray(0, Math.floor(body.length * fault.share)));
    case 'empty':
      return sendWhole(spoiling, Buffer.alloc(0));
    case 'html':
      return sendWhole(spoiling, PAGE, { 'Content-Type': HTML });
    case 'wrong_shape':
      return sendWhole(spoiling, Buffer.from(fault.body));
    case 'bom':
      return sendWhole(spoiling, Buffer.concat([BOM, body]));
    case 'stalled':
      return sendPart(spoiling, fault.bytes);
    case 'drip':
      return drip(spoiling, fault.bytesPerSecond);
    case 'redirect':
      return sendWhole(spoiling, Buffer.alloc(0), { Location: fault.location }, 302);
    case 'foreign_next':
      return withPages(spoiling, (_json, pages) => {
        pages.next = `${fault.host}/conversations?starting_after=x`;
      });
    case 'repeated_cursor':
      return withPages(spoiling, (_json, pages) => {
        pages.next = { page: 1, starting_after: cursor ?? 'same' };
      });
    case 'empty_page':
      return withPages(spoiling, (json) => {
        for (const key of ['conversations', 'tickets', 'data']) if (key in json) json[key] = [];
      });
    case 'edited': {
      const json: unknown = JSON.parse(body.toString('utf8'));
      editAnswer(json, fault);
      return sendAnswer(response, { ...answer, body: Buffer.from(JSON.stringify(json)) }, false);
    }
    case 'corrupt_gzip':
      return sendCorruptGzip(spoiling);
    default:
      // 'slow' is the wait before this.
      return sendAnswer(response, answer, false);
  }
};
