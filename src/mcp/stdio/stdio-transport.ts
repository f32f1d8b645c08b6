import type { Readable, Writable } from 'node:stream';
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
  parseJSONRPCMessage,
  ProtocolErrorCode,
  type Transport,
} from '@modelcontextprotocol/server';
import { type Line, LineSplitter } from './line-splitter.ts';
import { OpenRequests } from './open-requests.ts';

/** As long as the longest body over HTTP; a longer line is no question. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
/** Requests at work at once; more wait unread. */
const MAX_OPEN = 64;
/**
 * Bytes that are read ahead of the work. Some are, since only who reads sees the end of the stream; beyond that a client
 * fills its own pipe and not our memory.
 */
const READ_AHEAD_BYTES = 2 * MAX_LINE_BYTES;
/** Messages of one line that revision 2025-03-26 may put together, as over HTTP. */
const MAX_BATCH = 100;
/** Stays open as long as the client listens, so nobody waits for its answer. */
const LONG_LIVED = 'subscriptions/listen';

export interface StdioTransportOptions {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly maxLineBytes?: number;
}

/** The id of a message that is none, where it has one that an answer can carry. */
const idOf = (value: unknown): string | number | null => {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
};

/**
 * JSON-RPC over two streams, one message a line. Unlike the SDK's own transport it answers what cannot be read, lets
 * calls under way finish when the client closes its end, and reads no faster than its answers are taken: a client that
 * only writes is slowed down by its own pipe.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];
  /** Resolves when the client closed its end of stdin, or no longer reads stdout. */
  readonly gone: Promise<void>;
  readonly #stdin: Readable;
  readonly #stdout: Writable;
  readonly #lines: LineSplitter;
  readonly #open = new OpenRequests();
  #resolveGone: () => void = () => undefined;
  #writers: (() => void)[] = [];
  #onIdle: () => void = () => undefined;
  /** The client closed its end. */
  #ended = false;
  /** Nothing more shall be read. */
  #stopped = false;
  /** The reader of stdout is behind. */
  #full = false;
  #broken = false;
  #closed = false;

  constructor({ stdin, stdout, maxLineBytes = MAX_LINE_BYTES }: StdioTransportOptions) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#lines = new LineSplitter(maxLineBytes);
    this.gone = new Promise((resolve) => {
      this.#resolveGone = resolve;
    });
  }

  async start(): Promise<void> {
    // These two stay for good: an error without a listener would end the process.
    this.#stdout.on('error', this.#onOutputError);
    this.#stdin.on('error', this.#onInputError);
    this.#stdout.on('drain', this.#onDrain);
    this.#stdin.on('data', this.#onData);
    this.#stdin.once('end', this.#onInputEnd);
    this.#stdin.once('close', this.#onInputEnd);
    if (this.#stdin.readableEnded || this.#stdin.destroyed) this.#onInputEnd();
  }

  /** Resolves when the reader of stdout has room for more. */
  async send(message: JSONRPCMessage): Promise<void> {
    if (!('method' in message) && message.id !== undefined) this.#open.answered(message.id);
    this.#write(message);
    this.#pump();
    if (this.#full) await new Promise<void>((resolve) => this.#writers.push(resolve));
  }

  /** Reads no more; resolves when every request that was read has its answer, at the latest after `ms`. */
  async drain(ms: number): Promise<void> {
    this.#stopReading();
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopReading();
    this.#releaseWriters();
    this.#resolveGone();
    this.onclose?.();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#lines.push(chunk);
    this.#pump();
  };

  readonly #onInputEnd = (): void => {
    if (this.#ended) return;
    this.#ended = true;
    this.#pump();
    this.#resolveGone();
  };

  readonly #onInputError = (error: Error): void => {
    this.onerror?.(error);
    this.#onInputEnd();
  };

  readonly #onOutputError = (error: Error): void => {
    this.#broken = true;
    this.#full = false;
    this.onerror?.(error);
    this.#releaseWriters();
    this.#resolveGone();
    this.#onIdle();
  };

  readonly #onDrain = (): void => {
    this.#full = false;
    this.#releaseWriters();
    this.#pump();
  };

  #stopReading(): void {
    this.#stopped = true;
    this.#stdin.off('data', this.#onData);
    this.#stdin.pause();
  }

  #releaseWriters(): void {
    const writers = this.#writers;
    this.#writers = [];
    for (const resolve of writers) resolve();
  }

  /** Takes lines for as long as there is room for their answers. */
  #pump(): void {
    while (!this.#closed && !this.#isBusy()) {
      const line = this.#lines.next() ?? (this.#ended ? this.#lines.rest() : undefined);
      if (line === undefined) break;
      this.#take(line);
    }
    if (this.#isIdle()) this.#onIdle();
    if (this.#stopped || this.#ended) return;
    if (this.#lines.unread > READ_AHEAD_BYTES) this.#stdin.pause();
    else if (this.#stdin.isPaused()) this.#stdin.resume();
  }

  #isBusy(): boolean {
    return this.#full || this.#open.total >= MAX_OPEN;
  }

  #isIdle(): boolean {
    if (this.#broken) return true;
    const hasMore = this.#lines.unread > 0 || (this.#ended && this.#lines.isWithinLine);
    return this.#open.total === 0 && !hasMore;
  }

  #take(line: Line): void {
    if ('tooLong' in line) {
      this.#refuse(null, ProtocolErrorCode.InvalidRequest, 'The line is longer than this server reads.');
      return;
    }
    if (line.text.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(line.text);
    } catch {
      this.#refuse(null, ProtocolErrorCode.ParseError, 'The line is not JSON; send one message a line.');
      return;
    }
    // The messages of a batch are answered one by one.
    const isBatch = Array.isArray(value) && value.length > 0 && value.length <= MAX_BATCH;
    for (const message of isBatch ? (value as unknown[]) : [value]) this.#deliver(message);
  }

  #deliver(value: unknown): void {
    let message: JSONRPCMessage;
    try {
      message = parseJSONRPCMessage(value);
    } catch {
      this.#refuse(
        idOf(value),
        ProtocolErrorCode.InvalidRequest,
        'The message is not a JSON-RPC 2.0 message.',
      );
      return;
    }
    if (isJSONRPCRequest(message)) {
      if (message.method !== LONG_LIVED) this.#open.add(message.id);
    } else if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      const id = message.params?.requestId;
      if (typeof id === 'string' || typeof id === 'number') this.#open.cancelled(id);
    }
    this.onmessage?.(message);
  }

  #refuse(id: string | number | null, code: number, message: string): void {
    this.#write({ jsonrpc: '2.0', id, error: { code, message } });
  }

  #write(message: object): void {
    if (this.#broken || this.#closed) return;
    this.#full = !this.#stdout.write(`${JSON.stringify(message)}\n`);
  }
}
