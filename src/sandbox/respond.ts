import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Fault } from './faults.ts';

/** Bodies below this are not worth packing. */
const GZIP_FROM_BYTES = 1_024;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const HTML = Buffer.from(
  '<html><head><title>Maintenance</title></head><body><h1>Back soon</h1></body></html>',
);

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

const changed = (answer: Answer, change: (json: Record<string, unknown>) => void): Answer => {
  const json = JSON.parse(answer.body.toString('utf8')) as Record<string, unknown>;
  change(json);
  return { ...answer, body: Buffer.from(JSON.stringify(json)) };
};

/** Writes the answer as the fault spoils it. @returns bytes on the wire */
export const sendFaulty = (
  response: ServerResponse,
  answer: Answer,
  fault: Fault,
  cursor: string | undefined,
): number => {
  const { body, headers, status } = answer;
  const socket = response.socket;
  const plain = { ...headers };
  const whole = (bytes: Buffer, type = 'application/json; charset=utf-8', code = 200): number => {
    response.writeHead(code, { ...plain, 'Content-Type': type, 'Content-Length': String(bytes.length) });
    response.end(bytes);
    return bytes.length;
  };
  const part = (bytes: number): void => {
    response.writeHead(status, { ...plain, 'Content-Length': String(body.length) });
    response.write(body.subarray(0, bytes));
  };
  switch (fault.kind) {
    case 'status':
      return whole(
        fault.html
          ? HTML
          : Buffer.from(
              JSON.stringify({
                type: 'error.list',
                request_id: null,
                errors: [{ code: fault.code ?? 'server_error', message: fault.message ?? '' }],
              }),
            ),
        fault.html ? 'text/html' : undefined,
        fault.status,
      );
    case 'reset':
      socket?.resetAndDestroy();
      return 0;
    case 'reset_after':
      part(fault.bytes);
      setImmediate(() => socket?.resetAndDestroy());
      return fault.bytes;
    case 'truncated':
      return whole(body.subarray(0, Math.floor(body.length * fault.share)));
    case 'empty':
      return whole(Buffer.alloc(0));
    case 'html':
      return whole(HTML, 'text/html');
    case 'wrong_shape':
      return whole(Buffer.from(fault.body));
    case 'stalled':
      part(fault.bytes);
      return fault.bytes;
    case 'drip':
      return drip(response, answer, fault.bytesPerSecond);
    case 'redirect':
      response.writeHead(302, { ...plain, Location: fault.location, 'Content-Length': '0' });
      response.end();
      return 0;
    case 'foreign_next':
      return sendAnswer(
        response,
        changed(answer, (json) =>
          Object.assign((json.pages ?? {}) as object, {
            next: `${fault.host}/conversations?starting_after=x`,
          }),
        ),
        false,
      );
    case 'repeated_cursor':
      return sendAnswer(
        response,
        changed(answer, (json) =>
          Object.assign((json.pages ?? {}) as object, {
            next: { page: 1, starting_after: cursor ?? 'same' },
          }),
        ),
        false,
      );
    case 'corrupt_gzip': {
      const packed = gzipSync(body);
      packed.fill(0, packed.length - 8);
      response.writeHead(status, {
        ...plain,
        'Content-Encoding': 'gzip',
        'Content-Length': String(packed.length),
      });
      response.end(packed);
      return packed.length;
    }
    default:
      return sendAnswer(response, answer, false);
  }
};

const drip = (response: ServerResponse, answer: Answer, bytesPerSecond: number): number => {
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
