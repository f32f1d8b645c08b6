import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { between, pick, randomOf } from './random.ts';
import { htmlOf, type Role, type SourceText, type SourceTurn, type TextSource } from './text-source.ts';

interface CorpusTurn {
  readonly role: 'customer' | 'agent';
  readonly text: string;
  readonly at?: string;
  readonly bot?: boolean;
}
interface CorpusConversation {
  readonly id: string;
  readonly source: string;
  readonly language: string;
  readonly turns: readonly CorpusTurn[];
}

const STREAM = 71;
const NAMES = [
  'Ada',
  'Bruno',
  'Chiara',
  'Dmitri',
  'Elif',
  'Farid',
  'Greta',
  'Hiro',
  'Ines',
  'Jonas',
  'Kavya',
  'Lena',
];
/** Longest pause taken over from the corpus, in seconds. */
const MAX_GAP = 6 * 3_600;

const readConversation = (line: string, file: string, number: number): CorpusConversation => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    throw new Error(`${file}, line ${number}: not JSON`, { cause });
  }
  const conversation = parsed as Partial<CorpusConversation>;
  const turns = conversation.turns;
  if (typeof conversation.id !== 'string' || !Array.isArray(turns) || turns.length === 0) {
    throw new Error(`${file}, line ${number}: a conversation needs an id and at least one turn`);
  }
  if (turns.some((turn) => typeof turn?.text !== 'string'))
    throw new Error(`${file}, line ${number}: a turn has no text`);
  return {
    id: conversation.id,
    source: conversation.source ?? 'unknown',
    language: conversation.language ?? 'en',
    turns,
  };
};

/** All conversations of the `*.jsonl` and `*.jsonl.gz` files of a folder, by file name and line. */
export const readCorpus = (dir: string): CorpusConversation[] => {
  const files = readdirSync(dir)
    .filter((name) => /\.jsonl(\.gz)?$/.test(name))
    .sort();
  if (files.length === 0) throw new Error(`${dir} holds no *.jsonl or *.jsonl.gz file`);
  return files.flatMap((file) => {
    const bytes = readFileSync(join(dir, file));
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    return text
      .split('\n')
      .flatMap((line, index) => (line.trim() === '' ? [] : [readConversation(line, file, index + 1)]));
  });
};

const roleOf = (turn: CorpusTurn): Role =>
  turn.role === 'customer' ? 'customer' : turn.bot ? 'bot' : 'agent';

const gapOf = (turn: CorpusTurn, before: CorpusTurn | undefined): number | undefined => {
  if (turn.at === undefined || before?.at === undefined) return undefined;
  const seconds = Math.round((Date.parse(turn.at) - Date.parse(before.at)) / 1000);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, MAX_GAP) : undefined;
};

const toTurns = (turns: readonly CorpusTurn[]): SourceTurn[] =>
  turns.map((turn, index) => {
    const gap = gapOf(turn, turns[index - 1]);
    return { role: roleOf(turn), body: htmlOf(turn.text), ...(gap === undefined ? {} : { gap }) };
  });

const signature = (seed: number, index: number): string => {
  const random = randomOf(seed, STREAM + 1, index);
  const order = between(random, 100_000, 999_999);
  return `${pick(random, NAMES)} ${pick(random, NAMES)}, order ${order}, error E${between(random, 1_000, 9_999)}-${index.toString(36)}`;
};

/**
 * Real text. The first round has each conversation once, in file order; further rounds draw turns of the same source,
 * language and role from different conversations and sign them with a name, an order number and an error code.
 */
export const corpusSource = (dir: string, seed: number): TextSource => {
  const conversations = readCorpus(dir);
  const groups = new Map<string, CorpusConversation[]>();
  for (const conversation of conversations) {
    const key = `${conversation.source}\0${conversation.language}`;
    const group = groups.get(key);
    if (group) group.push(conversation);
    else groups.set(key, [conversation]);
  }
  const at = (index: number): CorpusConversation =>
    conversations[index % conversations.length] as CorpusConversation;
  const groupOf = (conversation: CorpusConversation) =>
    groups.get(`${conversation.source}\0${conversation.language}`) ?? [conversation];
  const model = (index: number): CorpusConversation =>
    pick(randomOf(seed, STREAM, index), groupOf(at(index)));
  const drawn = (index: number): readonly CorpusTurn[] => {
    const random = randomOf(seed, STREAM + 2, index);
    const group = groupOf(at(index));
    const turns = model(index).turns.map((turn): CorpusTurn => {
      for (let tries = 0; tries < 8; tries += 1) {
        const other = pick(random, pick(random, group).turns);
        if (other.role === turn.role)
          return { role: turn.role, text: other.text, ...(other.bot ? { bot: true } : {}) };
      }
      return { role: turn.role, text: turn.text };
    });
    const last = turns.at(-1);
    if (last) turns[turns.length - 1] = { ...last, text: `${last.text}\n${signature(seed, index)}` };
    return turns;
  };
  const first = (index: number): boolean => index < conversations.length;
  return {
    natural: conversations.length,
    turnCount: (index) => (first(index) ? at(index) : model(index)).turns.length,
    text(index): SourceText {
      const round = Math.floor(index / conversations.length) + 1;
      const conversation = at(index);
      return {
        language: conversation.language,
        turns: toTurns(first(index) ? conversation.turns : drawn(index)),
        title: null,
        subject: '',
        corpusId: first(index)
          ? conversation.id
          : `${conversation.source}:r${round}-${index % conversations.length}`,
      };
    },
  };
};
