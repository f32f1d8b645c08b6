import { FIRST_NAMES, LAST_NAMES } from './names.ts';
import { between, pick, type Random, randomOf } from './random.ts';
import { type CorpusConversation, type CorpusTurn, readCorpus } from './read-corpus.ts';
import { htmlOf, type Shape, type SourceText, type TextSource } from './text-source.ts';

/** A source that knows how many conversations it has. */
interface CorpusSource extends TextSource {
  readonly natural: number;
}

const MODEL = 71;
const TURNS = 72;
const SIGNATURE = 73;
/** Draws for one turn before a donor is taken twice, or the model's own turn is kept. */
const TRIES = 24;

/** A name, an order number and an error code that no other conversation has. */
const signatureOf = (seed: number, index: number): string => {
  const random = randomOf(seed, SIGNATURE, index);
  const name = `${pick(random, FIRST_NAMES)} ${pick(random, LAST_NAMES)}`;
  const order = `${between(random, 10, 99)}${String(index).padStart(7, '0')}`;
  return `${name}, order ${order}, error E${between(random, 1_000, 9_999)}-${index.toString(36)}`;
};

/** A turn of the wanted role from a conversation of the group that gave none yet. */
const drawTurn = (
  random: Random,
  group: readonly CorpusConversation[],
  role: CorpusTurn['role'],
  used: Set<CorpusConversation>,
): CorpusTurn | undefined => {
  let again: CorpusTurn | undefined;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const donor = pick(random, group);
    const turn = pick(random, donor.turns);
    if (turn.role !== role) continue;
    if (!used.has(donor)) {
      used.add(donor);
      return turn;
    }
    again ??= turn;
  }
  return again;
};

const sign = (turns: CorpusTurn[], signature: string): void => {
  const customer = turns.findIndex((turn) => turn.role === 'customer');
  const at = customer === -1 ? turns.length - 1 : customer;
  const turn = turns[at];
  if (turn) turns[at] = { ...turn, text: `${turn.text}\n${signature}` };
};

const groupsOf = (conversations: readonly CorpusConversation[]) => {
  const groups = new Map<string, CorpusConversation[]>();
  const keyOf = ({ source, language }: CorpusConversation): string => `${source}\0${language}`;
  for (const conversation of conversations) {
    const group = groups.get(keyOf(conversation));
    if (group) group.push(conversation);
    else groups.set(keyOf(conversation), [conversation]);
  }
  return (conversation: CorpusConversation): readonly CorpusConversation[] =>
    groups.get(keyOf(conversation)) ?? [conversation];
};

/**
 * Real text. The first round has each conversation once, in file order. In further rounds the conversation at a place has
 * the form (roles, times) of one of the same source and language, its turns come from others of them, and its customer
 * signs with a name, an order number and an error code: so word statistics stay natural, and each can be found.
 */
export const corpusSource = (dir: string, seed: number): CorpusSource => {
  const conversations = readCorpus(dir);
  const size = conversations.length;
  const groupOf = groupsOf(conversations);
  const at = (index: number): CorpusConversation => conversations[index % size] as CorpusConversation;
  const formOf = (index: number): CorpusConversation =>
    index < size ? at(index) : pick(randomOf(seed, MODEL, index), groupOf(at(index)));
  const turnsOf = (index: number): readonly CorpusTurn[] => {
    const form = formOf(index);
    if (index < size) return form.turns;
    const random = randomOf(seed, TURNS, index);
    const group = groupOf(form);
    const used = new Set<CorpusConversation>();
    const turns = form.turns.map((turn) => drawTurn(random, group, turn.role, used) ?? turn);
    sign(turns, signatureOf(seed, index));
    return turns;
  };
  return {
    natural: size,
    shape(index): Shape {
      const { turns, gaps } = formOf(index);
      return { turns: turns.length, ...(gaps ? { gaps } : {}) };
    },
    text(index): SourceText {
      const { id, source, language } = at(index);
      const round = Math.floor(index / size) + 1;
      return {
        language,
        turns: turnsOf(index).map(({ role, text }) => ({ role, body: htmlOf(text) })),
        title: null,
        subject: '',
        corpusId: round === 1 ? id : `${source}:round-${round}-${index % size}`,
      };
    },
  };
};
