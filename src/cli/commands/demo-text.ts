import { safeLine } from '../format/safe-text.ts';
import type { Style } from '../format/style.ts';
import { count, counted, minute } from '../format/words.ts';
import type { TourAnswer } from './demo-tour.ts';

/** Conversations of a search that are shown. */
const SHOWN_ROWS = 3;
/** Messages of a thread that are shown. */
const SHOWN_PARTS = 6;
const INDENT = '   ';

interface Row {
  readonly id: string;
  readonly created_at: string;
  readonly state?: string;
  readonly contact?: { readonly name?: string; readonly email?: string };
  readonly tags?: readonly string[];
  readonly match?: { readonly author_role: string; readonly snippet: string };
}

interface Part {
  readonly created_at: string;
  readonly author: { readonly role: string; readonly name?: string };
  readonly text?: string;
}

interface Search {
  readonly summary: { readonly total_results: number };
  readonly results: readonly Row[];
}

interface Status {
  readonly entities: readonly { readonly entity: string; readonly stored: number }[];
  readonly metadata: {
    readonly as_of: string | null;
    readonly coverage: {
      readonly complete: boolean;
      readonly conversations: { readonly known: number; readonly hydrated: number };
      readonly missing: readonly string[];
    };
  };
}

interface Conversation {
  readonly conversation: { readonly id: string; readonly state?: string };
  readonly parts: readonly Part[];
  readonly pagination: { readonly total_parts: number };
}

/** A line that fits the screen, cut if need be. */
const fitted = (line: string, columns: number): string =>
  line.length <= columns ? line : `${line.slice(0, columns - 1).toWellFormed()}…`;

/** A long line as two, broken between words; what still is too long is cut. */
const wrapped = (line: string, columns: number): string[] => {
  const indent = /^\s*(• )?/.exec(line)?.[0].length ?? 0;
  const at = line.lastIndexOf(' ', columns);
  if (line.length <= columns || at <= indent) return [fitted(line, columns)];
  return [line.slice(0, at), fitted(' '.repeat(indent + 2) + line.slice(at + 1), columns)];
};

const rowLines = (row: Row): string[] => {
  const who = [row.contact?.name, row.contact?.email].filter(Boolean).join(', ');
  const facts = [minute(row.created_at), row.state, who, ...(row.tags ?? []).map((tag) => `#${tag}`)];
  const snippet = row.match === undefined ? [] : [`  ${row.match.author_role}: ${row.match.snippet}`];
  return [`• ${facts.filter(Boolean).join(' · ')}`, ...snippet];
};

const searchLines = ({ summary, results }: Search): string[] => {
  const total = counted(summary.total_results, 'conversation');
  const rows = results.slice(0, SHOWN_ROWS);
  const shown = rows.length < summary.total_results ? `; these are ${rows.length} of them` : '';
  return [`${total}${rows.length > 0 ? `${shown}:` : '.'}`, ...rows.flatMap(rowLines)];
};

/** Kinds of data that are counted one by one; the others are many and small. */
const COUNTED_KINDS = 5;

const kinds = (entities: Status['entities']): string => {
  const counts = entities.slice(0, COUNTED_KINDS).map(({ entity, stored }) => `${count(stored)} ${entity}`);
  const others = entities.length - counts.length;
  return others > 0 ? `${counts.join(', ')}, and ${others} other kinds of data` : counts.join(', ');
};

const statusLines = ({ entities, metadata }: Status): string[] => {
  const { complete, conversations, missing } = metadata.coverage;
  const { known, hydrated } = conversations;
  return [
    `Everything up to ${metadata.as_of === null ? 'never' : minute(metadata.as_of)} is here: ${kinds(entities)}.`,
    `${count(hydrated)} of ${count(known)} conversations have their whole thread; ${complete ? 'nothing is missing' : `missing: ${missing.join('; ')}`}.`,
  ];
};

const partLine = (part: Part): string => {
  const { role, name } = part.author;
  return `${minute(part.created_at)} · ${name === undefined ? role : `${name} (${role})`}: ${part.text ?? '(no text)'}`;
};

const conversationLines = ({ conversation, parts, pagination }: Conversation): string[] => [
  `Conversation ${conversation.id}, ${conversation.state ?? 'state unknown'}, ${counted(pagination.total_parts, 'message')}:`,
  ...parts.slice(0, SHOWN_PARTS).map(partLine),
  ...(parts.length > SHOWN_PARTS ? [`… and ${counted(parts.length - SHOWN_PARTS, 'more message')}`] : []),
];

const bodyLines = ({ tool, data }: TourAnswer): string[] => {
  if (tool === 'get_sync_status') return statusLines(data as unknown as Status);
  if (tool === 'get_conversation') return conversationLines(data as unknown as Conversation);
  return searchLines(data as unknown as Search);
};

/** One question with its answer as a person reads it: made of the structured content that the client received. */
export const answerText = (answer: TourAnswer, number: number, style: Style, columns: number): string => {
  const call = `${answer.ms.toFixed(1)} ms · ${answer.tool} ${JSON.stringify(answer.args)}`;
  return [
    '',
    style('bold', fitted(`${number}. ${safeLine(answer.question)}`, columns)),
    style('dim', fitted(INDENT + call, columns)),
    ...bodyLines(answer).flatMap((line) => wrapped(INDENT + safeLine(line), columns)),
    '',
  ].join('\n');
};

/** How to go on, once the demo serves. */
export const connectText = (url: string, command: string): string => `
MCP over Streamable HTTP is up, on the mirror that you just saw:

  ${url}/mcp

Connect a client to it:

  Claude Code   claude mcp add --transport http fast-intercom ${url}/mcp
  Cursor, …     { "mcpServers": { "fast-intercom": { "url": "${url}/mcp" } } }

With your own workspace:

  export INTERCOM_ACCESS_TOKEN=…     from the Intercom Developer Hub
  npx . sync                         mirrors everything; npx . status says how far it is
  claude mcp add fast-intercom -e INTERCOM_ACCESS_TOKEN=… -- ${command} serve

Ctrl-C ends the demo and removes its files.
`;
