import { connect } from 'node:net';
import { HEADERS } from './support.ts';

/** What came over the wire, byte for byte. */
export interface RawAnswer {
  /** 0 when not even a status line came. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** How the connection was left: whole answer read, closed by the other side, reset, or silent. */
  readonly end: 'complete' | 'closed' | 'reset' | 'silent';
}

const HEAD_END = '\r\n\r\n';

const parse = (bytes: Buffer): Omit<RawAnswer, 'end'> => {
  const split = bytes.indexOf(HEAD_END);
  if (split === -1) return { status: 0, headers: {}, body: Buffer.alloc(0) };
  const [statusLine = '', ...lines] = bytes.subarray(0, split).toString('latin1').split('\r\n');
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    ),
    body: bytes.subarray(split + HEAD_END.length),
  };
};

/** One request over a plain socket, which no client library mends or judges. */
export const rawGet = (url: string, path: string, options: { readonly silenceMs?: number } = {}) =>
  new Promise<RawAnswer>((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    const finish = (end: RawAnswer['end']): void => {
      socket.destroy();
      resolve({ ...parse(Buffer.concat(chunks)), end });
    };
    const lines = Object.entries({ Host: 'sandbox', ...HEADERS }).map(([name, value]) => `${name}: ${value}`);
    socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}${HEAD_END}`);
    socket.setTimeout(options.silenceMs ?? 5_000, () => finish('silent'));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const { headers, body } = parse(Buffer.concat(chunks));
      const length = headers['content-length'];
      if (length !== undefined && body.length >= Number(length)) finish('complete');
    });
    socket.on('error', () => finish('reset'));
    socket.on('end', () => finish('closed'));
  });
