import type { Readable, Writable } from 'node:stream';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { serveStdio as serveSdkStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { Logger } from '../telemetry/logger.ts';
import { drainingStreams } from './draining-stdin.ts';

export interface ServeStdioOptions {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly logger: Logger;
  /** The client is gone: its end of stdin closed (calls under way answered), or stdout broke. Called once. */
  readonly onEnd?: () => void;
}

export interface StdioServer {
  /** Resolves when the client is gone. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Serves MCP over stdio, both families of protocol revisions. stdout carries JSON-RPC and nothing else. */
export const serveStdio = (factory: McpServerFactory, options: ServeStdioOptions): StdioServer => {
  const { stdin = process.stdin, stdout = process.stdout, logger, onEnd } = options;
  const { input, output } = drainingStreams(stdin, stdout);
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    // An open stdin would keep the process alive after everything else has ended.
    stdin.destroy();
    onEnd?.();
    resolve();
  };
  // A client that vanished closes the pipe under us: that is an end like any other, not an error.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    logger.debug({ code: error.code }, 'stdout is gone');
    end();
  });
  input.once('end', () => setImmediate(end));
  const handle = serveSdkStdio(factory, {
    transport: new StdioServerTransport(input, output),
    onerror: (error) => logger.debug({ err: error }, 'protocol error'),
  });
  return {
    ended,
    async close() {
      await handle.close();
      end();
    },
  };
};
