import { once } from 'node:events';
import { type RunningCli, startCli } from './cli.ts';

export interface RpcMessage {
  readonly jsonrpc: '2.0';
  readonly id?: string | number | null;
  readonly method?: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** How a process ended, and how long that took from the moment it was told to. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly ms: number;
}

const MODERN = '2026-07-28';
/** What each request of revision 2026-07-28 carries. */
export const META = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** One request as a line. */
export const request = (id: string | number, method: string, params: object = {}): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;

/** The same of revision 2026-07-28, which needs no handshake. */
export const modernRequest = (id: string | number, method: string, params: object = {}): string =>
  request(id, method, { ...params, _meta: META });

export const notification = (method: string, params: object = {}): string =>
  `${JSON.stringify({ jsonrpc: '2.0', method, params })}\n`;

export const toolCall = (id: string | number, name: string, args: object = {}): string =>
  request(id, 'tools/call', { name, arguments: args });

/** The handshake of the 2025 revisions; its id is 0. */
export const HANDSHAKE =
  request(0, 'initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  }) + notification('notifications/initialized');

/** stdout as messages. Throws where a line is not one JSON-RPC 2.0 message. */
export const messagesIn = (stdout: string): RpcMessage[] => {
  if (stdout !== '' && !stdout.endsWith('\n'))
    throw new Error(`stdout ends within a line: ${stdout.slice(-200)}`);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const message = JSON.parse(line) as RpcMessage;
      const answers = 'id' in message && 'result' in message !== 'error' in message;
      const asks = typeof message.method === 'string';
      if (message.jsonrpc !== '2.0' || answers === asks)
        throw new Error(`not JSON-RPC: ${line.slice(0, 200)}`);
      return message;
    });
};

export interface RawServer {
  readonly cli: RunningCli;
  write(text: string | Buffer): void;
  /** Everything that stdout holds; throws where a line of it is not JSON-RPC. */
  messages(): RpcMessage[];
  /** The answer to a request, once it is there. */
  answer(id: string | number | null): Promise<RpcMessage>;
  /** Waits for the end of the process, whoever brings it about. */
  ended(): Promise<Ending>;
  /** Closes stdin and waits for the end of the process. */
  end(): Promise<Ending>;
  /** Sends a signal and waits for the end of the process. */
  kill(signal: NodeJS.Signals): Promise<Ending>;
}

/** `serve` over stdio, spoken to in plain JSON-RPC. */
export const startRaw = (args: readonly string[], env: Readonly<Record<string, string>>): RawServer => {
  const cli = startCli(['serve', ...args], { env });
  const { child } = cli;
  const exited = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const ending = async (tell: () => void): Promise<Ending> => {
    const told = performance.now();
    tell();
    const [code, signal] = await exited;
    return { code, signal, ms: performance.now() - told };
  };
  const whole = (): string => cli.stdout().slice(0, cli.stdout().lastIndexOf('\n') + 1);
  return {
    cli,
    write: (text) => void child.stdin.write(text),
    messages: () => messagesIn(child.exitCode === null ? whole() : cli.stdout()),
    async answer(id) {
      for (;;) {
        const found = messagesIn(whole()).find((message) => message.id === id);
        if (found) return found;
        const ended = await Promise.race([
          once(child.stdout, 'data').then(() => false),
          exited.then(() => true),
        ]);
        if (ended) throw new Error(`no answer to ${id}: ${cli.stdout()}\n${cli.stderr()}`);
      }
    },
    ended: () => ending(() => undefined),
    end: () => ending(() => child.stdin.end()),
    kill: (signal) => ending(() => child.kill(signal)),
  };
};
