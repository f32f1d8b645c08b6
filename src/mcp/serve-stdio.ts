import type { Readable, Writable } from 'node:stream';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { serveStdio as serveSdkStdio } from '@modelcontextprotocol/server/stdio';
import type { Logger } from '../telemetry/logger.ts';
import { StdioTransport } from './stdio/stdio-transport.ts';

/** How long calls under way may take once the server is to end. */
const DRAIN_MS = 1_100;

export interface ServeStdioOptions {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly logger: Logger;
}

export interface StdioServer {
  /** Resolves when the client is gone: its end of stdin closed, or stdout broke. */
  readonly ended: Promise<void>;
  /** Reads no more, lets calls under way finish for a moment, then lets go of both streams. */
  close(): Promise<void>;
}

/** Serves MCP over stdio, both families of protocol revisions. stdout carries JSON-RPC and nothing else. */
export const serveStdio = (factory: McpServerFactory, options: ServeStdioOptions): StdioServer => {
  const { stdin = process.stdin, stdout = process.stdout, logger } = options;
  const transport = new StdioTransport({ stdin, stdout });
  const handle = serveSdkStdio(factory, {
    transport,
    onerror: (error) => logger.debug({ err: error }, 'protocol error'),
  });
  return {
    ended: transport.gone,
    async close() {
      await transport.drain(DRAIN_MS);
      await handle.close();
      // An open stdin would keep the process alive after everything else has ended.
      stdin.destroy();
    },
  };
};
