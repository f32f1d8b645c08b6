/**
 * `npm run docs:example`: writes docs/worked-example.md: ten questions of a support lead, answered by tool calls alone, on a
 * simulated workspace, through an official client, with what each call costs in tokens.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { runCli, startSandboxProcess } from '../test/support/cli.ts';
import { connectClient, type ServedClient } from '../test/support/mcp.ts';

const CONVERSATIONS = 3_000;
const SEED = 4;
const SHOWN_LINES = 7;
const LONGEST_LINE = 170;

interface Call {
  readonly tool: string;
  readonly args: Record<string, unknown>;
}

/** A question, and its calls; later ones may be made from what earlier ones answered. */
interface Question {
  readonly asked: string;
  readonly calls: readonly (Call | ((earlier: readonly Record<string, unknown>[]) => Call))[];
}

const rows = (data: Record<string, unknown> | undefined) =>
  (data?.results ?? []) as readonly (Record<string, unknown> & { readonly id?: string })[];

const QUESTIONS: readonly Question[] = [
  {
    asked: 'How was October, against the month before: volume, speed, satisfaction?',
    calls: [
      {
        tool: 'analyze_conversations',
        args: {
          metrics: 'created, closed, first_response_time, time_to_close, csat',
          timeframe: '2026-10',
          compare: true,
        },
      },
    ],
  },
  {
    asked: 'Which teams carry the backlog, and whose customers wait?',
    calls: [
      {
        tool: 'analyze_conversations',
        args: { metrics: 'open_backlog, unanswered, waiting_time', group_by: 'team' },
      },
    ],
  },
  {
    asked: 'Something broke this autumn. What was it, and when did it begin?',
    calls: [
      {
        tool: 'find_trends',
        args: { start_date: '2026-08-01', end_date: '2026-10-20', baseline: 'previous', limit: 3 },
      },
    ],
  },
  {
    asked: 'Who wrote about being charged twice, and what did we answer?',
    calls: [
      { tool: 'search_conversations', args: { query: '"charged twice"', limit: 3 } },
      ([first]) => ({ tool: 'get_conversation', args: { id: rows(first)[0]?.id, max_tokens: 1_500 } }),
    ],
  },
  {
    asked: 'Are there others like that one?',
    calls: [
      { tool: 'search_conversations', args: { query: '"charged twice"', limit: 1 } },
      ([first]) => ({ tool: 'find_similar_conversations', args: { id: rows(first)[0]?.id, limit: 3 } }),
    ],
  },
  {
    asked: 'When during the week do customers write?',
    calls: [{ tool: 'analyze_conversations', args: { metrics: 'created', group_by: 'weekday' } }],
  },
  {
    asked: 'How well does Fin do, by language?',
    calls: [
      {
        tool: 'analyze_conversations',
        args: {
          metrics: 'fin_involvement_rate, fin_resolution_rate, fin_handoff_rate',
          group_by: 'language',
          limit: 6,
        },
      },
    ],
  },
  {
    asked: 'Which open conversations missed their SLA?',
    calls: [
      { tool: 'search_conversations', args: { sla: 'missed', state: 'open', sort: 'oldest', limit: 4 } },
    ],
  },
  {
    asked: 'Who rated us badly after a reopening, and what do we know about one of them?',
    calls: [
      { tool: 'search_conversations', args: { csat: '<=2', reopened: true, limit: 3 } },
      ([first]) => ({
        tool: 'get_contact',
        args: { id: (rows(first)[0]?.contact as { id?: string } | undefined)?.id, max_tokens: 1_500 },
      }),
    ],
  },
  {
    asked: 'Is there an article on refunds, and how often is it still asked about?',
    calls: [
      { tool: 'search_articles', args: { query: 'refund', limit: 2 } },
      {
        tool: 'analyze_conversations',
        args: {
          metrics: 'created, reopen_rate',
          query: 'refund',
          group_by: 'month',
          timeframe: '2026',
          limit: 12,
        },
      },
    ],
  },
];

const excerpt = (text: string): string => {
  const lines = text.split('\n').filter((line) => !line.startsWith('What stands in untrusted'));
  const shown = lines
    .slice(0, SHOWN_LINES)
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} …` : line));
  const left = lines.length - shown.length;
  return [...shown, ...(left > 0 ? [`… ${left} more lines`] : [])].join('\n');
};

const answer = async (
  client: ServedClient,
  { asked, calls }: Question,
  place: number,
): Promise<{ text: string; tokens: number }> => {
  const earlier: Record<string, unknown>[] = [];
  const blocks: string[] = [];
  let total = 0;
  for (const each of calls) {
    const { args, tool } = typeof each === 'function' ? each(earlier) : each;
    const found = await client.call(tool, args);
    if (found.isError) throw new Error(`${tool}: ${found.text}`);
    earlier.push(found.data);
    const [asking, answered] = [
      encode(JSON.stringify({ name: tool, arguments: args })).length,
      encode(found.text).length,
    ];
    total += asking + answered;
    blocks.push(
      `\`${tool}\` \`${JSON.stringify(args)}\`: ${asking} tokens to ask, ${answered} in the answer.\n\n\`\`\`text\n${excerpt(found.text)}\n\`\`\``,
    );
  }
  return { text: [`## ${place}. ${asked}`, ...blocks].join('\n\n'), tokens: total };
};

const folder = mkdtempSync(join(tmpdir(), 'fast-intercom-example-'));
const env = { DATABASE_URL: `sqlite:${join(folder, 'mirror.db')}`, HOME: folder };
const sandbox = await startSandboxProcess([
  '--conversations',
  `${CONVERSATIONS}`,
  '--seed',
  `${SEED}`,
  '--incident',
  '--rate-limit',
  '1000000',
]);
try {
  const synced = await runCli(['sync'], { env: { ...env, ...sandbox.env } });
  if (synced.code !== 0) throw new Error(synced.stderr);
  const client = await connectClient('v2 client, 2025-11-25', { args: ['--no-sync'], env });
  const tools = await client.listTools();
  const sections: string[] = [];
  let sum = 0;
  for (const [index, question] of QUESTIONS.entries()) {
    const { text, tokens } = await answer(client, question, index + 1);
    sections.push(text);
    sum += tokens;
  }
  await client.close();
  const head = [
    '# Ten questions of a support lead',
    '<!-- Made by `npm run docs:example`; changes by hand are lost. -->',
    `Each is answered by tool calls alone, through an official MCP client, on a simulated workspace of ${CONVERSATIONS.toLocaleString('en-US')} conversations with an incident in it (\`sandbox --conversations ${CONVERSATIONS} --seed ${SEED} --incident\`). Tokens are those of o200k_base: the call, and the text that comes back. The list of the ${tools.length} tools costs ${encode(JSON.stringify(tools)).length.toLocaleString('en-US')} once; the ten questions together ${sum.toLocaleString('en-US')}. Answers are cut here, not there.`,
  ];
  writeFileSync(
    join(import.meta.dirname, '../docs/worked-example.md'),
    `${[...head, ...sections].join('\n\n')}\n`,
  );
} finally {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
}
