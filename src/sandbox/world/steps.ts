import { MAX_PARTS } from './ids.ts';
import { between, chance, type Random, randomOf } from './random.ts';
import type { Shape } from './text-source.ts';

const STREAM = 41;
/** A long thread is a chat: nobody pauses for hours in it hundreds of times. */
const CHAT_TURNS = 40;
const MAX_LONG_PAUSES = 3;
const MAX_EVENTS_AFTER = 2;

/** A step of a conversation behind its opening message. `last`: nothing follows. */
export type StepKind = 'turn' | 'event' | 'last';

/** The longest that a conversation lasts, in seconds; no world reaches beyond its end time by it. */
export const LONGEST_CONVERSATION = 5 * 86_400;

/** Pauses between messages: minutes mostly, hours now and then. */
const createPauses = (random: Random, turns: number) => {
  let long = 0;
  return (): number => {
    if (turns > CHAT_TURNS) return between(random, 5, 120);
    if (long >= MAX_LONG_PAUSES || !chance(random, 0.12)) return between(random, 20, 900);
    long += 1;
    return between(random, 1_800, 50_000);
  };
};

/**
 * Visits the steps of a conversation in order, with their times (Unix seconds). They are a function of its number and of
 * its shape alone, so that updated_at of a million conversations needs no text.
 * @returns the time of the last one
 */
export const walkSteps = (
  facts: { readonly seed: number; readonly index: number; readonly createdAt: number; readonly shape: Shape },
  visit: (kind: StepKind, at: number) => void = () => undefined,
): number => {
  const { shape, createdAt } = facts;
  const random = randomOf(facts.seed, STREAM, facts.index);
  const pauseOf = createPauses(random, shape.turns);
  let room = MAX_PARTS - shape.turns - MAX_EVENTS_AFTER;
  let at = createdAt;
  for (let turn = 1; turn < shape.turns; turn += 1) {
    const pause = shape.gaps?.[turn - 1] ?? pauseOf();
    at += pause;
    if (chance(random, 0.18) && pause >= 10 && room > 0) {
      visit('event', at - 5);
      room -= 1;
    }
    visit('turn', at);
  }
  const after = chance(random, 0.25) ? 0 : between(random, 1, MAX_EVENTS_AFTER);
  for (let event = 1; event <= after; event += 1) {
    at += between(random, 30, 4_000);
    visit(event === after ? 'last' : 'event', at);
  }
  return at;
};
