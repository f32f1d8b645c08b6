import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Role } from './text-source.ts';

export interface CorpusTurn {
  readonly role: Role;
  /** Plain text. */
  readonly text: string;
}

/** What is kept of a line of a corpus file. Topic and labels are not: they would give answers away. */
export interface CorpusConversation {
  readonly id: string;
  readonly source: string;
  readonly language: string;
  readonly turns: readonly CorpusTurn[];
  /** Seconds between each turn and the one before, where every turn has a time. */
  readonly gaps?: readonly number[];
}

interface RawTurn {
  readonly role?: unknown;
  readonly text: string;
  readonly at?: unknown;
  readonly bot?: unknown;
}

/** No conversation of a corpus lasts longer: longer pauses are cut, all by the same measure. */
const LONGEST = 4 * 86_400;

const roleOf = (turn: RawTurn): Role =>
  turn.role === 'customer' ? 'customer' : turn.bot === true ? 'bot' : 'agent';

const gapsOf = (turns: readonly RawTurn[]): readonly number[] | undefined => {
  const times = turns.map((turn) => Math.round(Date.parse(String(turn.at)) / 1000));
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  if (gaps.length === 0 || gaps.some((gap) => !(gap >= 0))) return undefined;
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return total <= LONGEST ? gaps : gaps.map((gap) => Math.floor((gap * LONGEST) / total));
};

const isRawTurn = (turn: unknown): turn is RawTurn =>
  typeof (turn as RawTurn | null)?.text === 'string' && (turn as RawTurn).text !== '';

const parseLine = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw new Error('not JSON');
  }
};

const readConversation = (line: string): CorpusConversation => {
  const parsed = parseLine(line) as Partial<Record<'id' | 'source' | 'language' | 'turns', unknown>> | null;
  const turns = parsed?.turns;
  if (typeof parsed?.id !== 'string' || !Array.isArray(turns) || turns.length === 0)
    throw new Error('a conversation needs an id and at least one turn');
  if (!turns.every(isRawTurn)) throw new Error('every turn needs a text');
  const gaps = gapsOf(turns);
  return {
    id: parsed.id,
    source: typeof parsed.source === 'string' ? parsed.source : 'unknown',
    language: typeof parsed.language === 'string' ? parsed.language : 'en',
    turns: turns.map((turn) => ({ role: roleOf(turn), text: turn.text })),
    ...(gaps === undefined ? {} : { gaps }),
  };
};

const readFile = (path: string): string => {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
};

/**
 * All conversations of the `*.jsonl` and `*.jsonl.gz` files of a folder, by file name and line.
 * @throws Error that names file and line, where one is no conversation
 */
export const readCorpus = (dir: string): readonly CorpusConversation[] => {
  const files = readdirSync(dir)
    .filter((name) => /\.jsonl(\.gz)?$/.test(name))
    .sort();
  if (files.length === 0) throw new Error('it holds no *.jsonl or *.jsonl.gz file');
  const conversations: CorpusConversation[] = [];
  for (const file of files) {
    for (const [index, line] of readFile(join(dir, file)).split('\n').entries()) {
      if (line.trim() === '') continue;
      try {
        conversations.push(readConversation(line));
      } catch (cause) {
        throw new Error(
          `${file}, line ${index + 1}: ${cause instanceof Error ? cause.message : 'unreadable'}`,
          {
            cause,
          },
        );
      }
    }
  }
  if (conversations.length === 0) throw new Error('its files hold no conversation');
  return conversations;
};
