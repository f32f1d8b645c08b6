import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { BIN, cleanEnv } from './cli.ts';

export interface ToolAnswer {
  readonly isError: boolean;
  readonly text: string;
  // The shape is what each test asserts.
  readonly data: Record<string, unknown>;
}

export interface ServedClient {
  readonly client: Client;
  call(name: string, args?: Record<string, unknown>): Promise<ToolAnswer>;
  close(): Promise<void>;
}

/** Official client → spawned `serve` over stdio. */
export const connectStdio = async (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ServedClient> => {
  const client = new Client({ name: 'test-client', version: '1.0.0' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [BIN, 'serve', ...args],
    env: cleanEnv(env) as Record<string, string>,
    stderr: 'ignore',
  });
  await client.connect(transport);
  return {
    client,
    async call(name, input = {}) {
      const answer = await client.callTool({ name, arguments: input });
      const content = answer.content as readonly { readonly type: string; readonly text?: string }[];
      return {
        isError: answer.isError === true,
        text: content.map((item) => item.text ?? '').join('\n'),
        data: (answer.structuredContent ?? {}) as Record<string, unknown>,
      };
    },
    close: () => client.close(),
  };
};
