import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { AppError } from '../../errors/app-error.ts';

/** One question of the tour: what a person would ask, and the call that answers it. */
export interface TourQuestion {
  readonly question: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface TourAnswer extends TourQuestion {
  /** Wall time of the call as the client saw it. */
  readonly ms: number;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The built command itself: the tour goes the way that any MCP client goes. */
const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));
const MAIN_SOURCE = fileURLToPath(new URL('../../main.ts', import.meta.url));

/** Connects an official MCP client to a spawned `serve` over stdio. */
export const connectTour = async (env: Readonly<Record<string, string>>) => {
  const client = new Client({ name: 'fast-intercom-demo', version: '1.0.0' });
  const main = import.meta.url.endsWith('.ts') ? MAIN_SOURCE : MAIN;
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [main, 'serve'],
      env: { ...env },
      stderr: 'inherit',
    }),
  );
  return {
    async ask(question: TourQuestion): Promise<TourAnswer> {
      const started = performance.now();
      const answer = await client.callTool({ name: question.tool, arguments: { ...question.args } });
      const ms = performance.now() - started;
      const content = answer.content as readonly { readonly text?: string }[];
      const text = content.map((item) => item.text ?? '').join('\n');
      if (answer.isError)
        throw new AppError(
          'INTERNAL',
          `The demo's question "${question.question}" was answered with an error.`,
          { details: { text } },
        );
      return { ...question, ms, text, data: (answer.structuredContent ?? {}) as Record<string, unknown> };
    },
    close: () => client.close(),
  };
};

const QUESTIONS: readonly TourQuestion[] = [
  { question: 'What do you have, and how fresh is it?', tool: 'get_sync_status', args: {} },
  {
    question: 'How many customers wrote about a refund?',
    tool: 'search_conversations',
    args: { query: 'refund', limit: 3 },
  },
  {
    question: 'Who was "charged twice"?',
    tool: 'search_conversations',
    args: { query: '"charged twice"', limit: 3 },
  },
  {
    question: 'Which open conversations mention an error, newest first?',
    tool: 'search_conversations',
    args: { query: 'error', state: 'open', sort: 'newest', limit: 3 },
  },
  {
    question: 'What came in about a gateway timeout in the last quarter of the data?',
    tool: 'search_conversations',
    args: { query: 'gateway timeout', start_date: '2026-07-01', end_date: '2026-10-31', limit: 3 },
  },
  {
    question: 'And in Chinese, where no spaces stand between words: 退款?',
    tool: 'search_conversations',
    args: { query: '退款', limit: 3 },
  },
];

/** Asks the questions in turn, then reads the thread of the best hit. */
export async function* tour(env: Readonly<Record<string, string>>): AsyncGenerator<TourAnswer> {
  const session = await connectTour(env);
  try {
    let thread: string | undefined;
    for (const question of QUESTIONS) {
      const answer = await session.ask(question);
      const [first] = (answer.data.results ?? []) as readonly { readonly id?: string }[];
      thread ??= first?.id;
      yield answer;
    }
    if (thread !== undefined)
      yield await session.ask({
        question: `Show me the first of those, ${thread}.`,
        tool: 'get_conversation',
        args: { id: thread },
      });
  } finally {
    await session.close();
  }
}
