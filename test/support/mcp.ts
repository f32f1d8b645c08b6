import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioClientTransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpClientTransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { BIN, cleanEnv, type RunningCli, startCli } from './cli.ts';

/** The official clients: the current one in both families of revisions, and the one that the 2025 revisions came with. */
export const CLIENTS = ['v2 client, 2026-07-28', 'v2 client, 2025-11-25', 'v1 client, 2025-11-25'] as const;
export type ClientName = (typeof CLIENTS)[number];

export interface ToolAnswer {
  readonly isError: boolean;
  readonly text: string;
  // The shape is what each test asserts.
  readonly data: Record<string, unknown>;
}

export interface ListedTool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: Record<string, unknown>;
  readonly outputSchema?: Record<string, unknown>;
  readonly annotations?: Record<string, unknown>;
}

export interface Progress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

export interface CallOptions {
  readonly onprogress?: (progress: Progress) => void;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
}

export interface ServedClient {
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<ToolAnswer>;
  listTools(): Promise<readonly ListedTool[]>;
  /** What the server said of itself when the connection was made. */
  server(): { readonly name?: string; readonly version?: string; readonly instructions?: string };
  /** The client itself, for what is no tool; the older one has the same methods for it. */
  readonly client: Pick<
    Client,
    | 'listResources'
    | 'listResourceTemplates'
    | 'readResource'
    | 'listPrompts'
    | 'getPrompt'
    | 'complete'
    | 'callTool'
  >;
  /** The revision that both sides agreed on. */
  revision(): string | undefined;
  close(): Promise<void>;
}

/** Where a server is reached: spawned over stdio, or at an address. */
export type Place =
  | { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> }
  | { readonly url: string };

const toAnswer = (answer: Readonly<Record<string, unknown>>): ToolAnswer => {
  const content = (answer.content ?? []) as readonly { readonly text?: string }[];
  return {
    isError: answer.isError === true,
    text: content.map((item) => item.text ?? '').join('\n'),
    data: (answer.structuredContent ?? {}) as Record<string, unknown>,
  };
};

const command = (place: Exclude<Place, { readonly url: string }>) => ({
  command: process.execPath,
  args: [BIN, 'serve', ...place.args],
  env: cleanEnv(place.env) as Record<string, string>,
  stderr: 'ignore' as const,
});

const connectV2 = async (place: Place, mode: 'auto' | 'legacy'): Promise<ServedClient> => {
  const client = new Client({ name: 'test-client', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(
    'url' in place
      ? new StreamableHTTPClientTransport(new URL(place.url))
      : new StdioClientTransport(command(place)),
  );
  return {
    client,
    call: async (name, args = {}, options = {}) =>
      toAnswer(await client.callTool({ name, arguments: args }, options)),
    listTools: async () => (await client.listTools()).tools as readonly ListedTool[],
    server: () => ({ ...client.getServerVersion(), ...instructionsOf(client.getInstructions()) }),
    revision: () => client.getNegotiatedProtocolVersion(),
    close: () => client.close(),
  };
};

const connectV1 = async (place: Place): Promise<ServedClient> => {
  const client = new ClientV1({ name: 'test-client', version: '1.0.0' });
  let revision: string | undefined;
  const transport =
    'url' in place
      ? new HttpClientTransportV1(new URL(place.url))
      : new StdioClientTransportV1(command(place));
  const watched = Object.assign(transport, {
    setProtocolVersion: (version: string) => {
      revision = version;
      if (transport instanceof HttpClientTransportV1)
        HttpClientTransportV1.prototype.setProtocolVersion.call(transport, version);
    },
  });
  await client.connect(watched);
  return {
    client: client as unknown as ServedClient['client'],
    call: async (name, args = {}, options = {}) =>
      toAnswer(await client.callTool({ name, arguments: args }, undefined, options)),
    listTools: async () => (await client.listTools()).tools as readonly ListedTool[],
    server: () => ({ ...client.getServerVersion(), ...instructionsOf(client.getInstructions()) }),
    revision: () => revision,
    close: () => client.close(),
  };
};

const instructionsOf = (instructions: string | undefined) =>
  instructions === undefined ? {} : { instructions };

/** Connects one of the official clients to a server. */
export const connectClient = (name: ClientName, place: Place): Promise<ServedClient> => {
  if (name === 'v1 client, 2025-11-25') return connectV1(place);
  return connectV2(place, name === 'v2 client, 2026-07-28' ? 'auto' : 'legacy');
};

/** Official client → spawned `serve` over stdio, in the revision that the client takes by itself. */
export const connectStdio = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ServedClient> => connectClient('v2 client, 2025-11-25', { args, env });

export interface HttpServerProcess {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  readonly process: RunningCli;
}

/** `serve --http` on a free port; end it with `process.stop()`. */
export const startHttpServe = async (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<HttpServerProcess> => {
  const process = startCli(['serve', '--http', '--port', '0', ...args], { env });
  const pattern = /^MCP over HTTP: (http:\/\/\S+)\/mcp$/m;
  const url = await new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const found = pattern.exec(process.stderr())?.[1];
      if (found !== undefined) resolve(found);
    };
    process.child.stderr.on('data', look);
    process.child.once('close', () => reject(new Error(`the server ended: ${process.stderr()}`)));
    look();
  });
  return { url, process };
};
