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
  readonly data: Readonly<Record<string, unknown>>;
}

export interface TourOptions {
  /** The built command itself: the tour goes the way that any MCP client goes. */
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A row of an answer, as far as the tour looks at it. */
interface Hit {
  readonly id: string;
  readonly part_count?: number;
}

const SEARCH = 'search_conversations';

const QUESTIONS: readonly TourQuestion[] = [
  { question: 'How fresh and how complete is the mirror?', tool: 'get_sync_status', args: {} },
  {
    question: 'How many conversations mention a refund?',
    tool: SEARCH,
    args: { query: 'refund', limit: 3 },
  },
  {
    question: 'Who wrote "charged twice"? The newest first.',
    tool: SEARCH,
    args: { query: '"charged twice"', sort: 'newest', limit: 3 },
  },
  {
    question: 'Which open conversations mention an error, newest first?',
    tool: SEARCH,
    args: { query: 'error', state: 'open', sort: 'newest', limit: 3 },
  },
  {
    question: 'And in Chinese, where no spaces stand between words: who wrote 退款 (refund)?',
    tool: SEARCH,
    args: { query: '退款', limit: 3 },
  },
  {
    question: 'When did the gateway timeouts of 2026 begin?',
    tool: SEARCH,
    args: { query: 'gateway timeout', timeframe: '2026', sort: 'oldest' },
  },
];

const hitsOf = (answer: TourAnswer): readonly Hit[] => (answer.data.results ?? []) as readonly Hit[];

const longest = (hits: readonly Hit[]): Hit | undefined =>
  hits.toSorted((a, b) => (b.part_count ?? 0) - (a.part_count ?? 0))[0];

/** Connects an official MCP client to a spawned `serve` over stdio. */
const connect = async ({ main, env }: TourOptions) => {
  const client = new Client(
    { name: 'fast-intercom-demo', version: '1.0.0' },
    { versionNegotiation: { mode: 'auto' } },
  );
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [main, 'serve'],
      env: { ...env },
      stderr: 'inherit',
    }),
  );
  // The first request waits for the server's start, which is no part of an answer's time.
  await client.listTools();
  return {
    async ask(question: TourQuestion): Promise<TourAnswer> {
      const started = performance.now();
      const answer = await client.callTool({ name: question.tool, arguments: { ...question.args } });
      const ms = performance.now() - started;
      if (answer.isError)
        throw new AppError(
          'INTERNAL',
          `The demo's question "${question.question}" was answered with an error.`,
          { details: { content: answer.content } },
        );
      return { ...question, ms, data: (answer.structuredContent ?? {}) as Record<string, unknown> };
    },
    close: () => client.close(),
  };
};

/** Asks the questions in turn, then reads the longest thread of all that the answers named. */
export async function* tour(options: TourOptions): AsyncGenerator<TourAnswer> {
  const session = await connect(options);
  try {
    const hits: Hit[] = [];
    for (const question of QUESTIONS) {
      const answer = await session.ask(question);
      hits.push(...hitsOf(answer));
      yield answer;
    }
    const thread = longest(hits);
    if (thread !== undefined)
      yield await session.ask({
        question: 'Read the longest of all these threads to me.',
        tool: 'get_conversation',
        args: { id: thread.id },
      });
  } finally {
    await session.close();
  }
}
