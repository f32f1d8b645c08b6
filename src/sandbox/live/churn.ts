import type { JsonObject } from '../world.ts';
import { between, pick, type Random, randomOf } from '../world/random.ts';
import type { BasicMutations } from './basic-mutations.ts';
import type { LiveTable } from './live-table.ts';
import { type LiveWorld, partsOf } from './live-world.ts';

const STREAM = 91;
const TRIES = 50;

/** Something that is there, anywhere in a table; undefined where little is left. */
const anyOf = (table: LiveTable, random: Random): string | undefined => {
  for (let tries = 0; tries < TRIES && table.ranks > 0; tries += 1) {
    const rank = between(random, 0, table.ranks - 1);
    if (table.at(rank) !== undefined) return table.idOf(rank);
  }
  return undefined;
};

type Step = (live: LiveWorld, mutate: BasicMutations, random: Random) => void;

const onConversation =
  (change: (mutate: BasicMutations, id: string, random: Random, live: LiveWorld) => void): Step =>
  (live, mutate, random) => {
    const id = anyOf(live.conversations, random);
    if (id !== undefined) change(mutate, id, random, live);
  };

const redact = onConversation((mutate, id, random, live) => {
  const item = live.conversations.get(id) as JsonObject;
  const target = pick(random, [item.source as JsonObject, ...partsOf(item)]);
  mutate.redact(id, String(target.id));
});

const merge: Step = (live, mutate, random) => {
  const [from, into] = [anyOf(live.contacts, random), anyOf(live.contacts, random)];
  if (from !== undefined && into !== undefined && from !== into) mutate.mergeContact(from, into);
};

const tagContact: Step = (live, mutate, random) => {
  const id = anyOf(live.contacts, random);
  const tags = live.lists.tags.slice(0, between(random, 0, live.lists.tags.length));
  if (id !== undefined) mutate.setContactDetails(id, { tags });
};

const changeCompany: Step = (live, mutate, random) => {
  const id = anyOf(live.companies, random);
  if (id !== undefined) mutate.setCompany(id, { monthly_spend: between(random, 0, 9_000) });
};

const changeTicket: Step = (live, mutate, random) => {
  const id = anyOf(live.tickets, random);
  if (id !== undefined) mutate.setTicketState(id, pick(random, ['in_progress', 'resolved']));
};

const changeArticle: Step = (live, mutate, random) => {
  const { id = '' } = pick(random, live.lists.articles) ?? {};
  mutate.put('articles', { id, title: `Changed ${between(random, 1, 9_999)}` });
};

/** Replies are the usual thing; deletions, redactions and merges are rare. */
const STEPS: readonly (readonly [weight: number, step: Step])[] = [
  [40, onConversation((mutate, id, random) => mutate.reply(id, reply(random)))],
  [10, onConversation((mutate, id) => mutate.touch(id))],
  [8, (_live, mutate) => mutate.addConversation()],
  [4, (_live, mutate) => mutate.addTicket()],
  [6, onConversation((mutate, id, random) => mutate.set(id, { priority: pick(random, ['low', 'high']) }))],
  [6, onConversation((mutate, id, _random, live) => mutate.setTags(id, tagsOf(live)))],
  [4, onConversation((mutate, id) => mutate.delete(id))],
  [4, redact],
  [5, (_live, mutate) => mutate.addContact()],
  [4, merge],
  [4, tagContact],
  [4, changeCompany],
  [5, changeTicket],
  [2, changeArticle],
];
const TOTAL = STEPS.reduce((sum, [weight]) => sum + weight, 0);

const reply = (random: Random) => ({
  body: `<p>Change ${between(random, 1, 999_999)}</p>`,
  author: pick(random, ['customer', 'admin', 'bot'] as const),
});

const tagsOf = ({ lists }: LiveWorld) =>
  lists.tags.slice(0, 2).map(({ id, name }) => ({ id: String(id), name: String(name) }));

const stepOf = (random: Random): Step | undefined => {
  let left = random() * TOTAL;
  return STEPS.find(([weight]) => (left -= weight) < 0)?.[1];
};

/** Changes a workspace in many ways, by a generator of its own. */
export const churn = (live: LiveWorld, mutate: BasicMutations, seed: number, changes: number): void => {
  for (let change = 0; change < changes; change += 1) {
    const random = randomOf(seed, STREAM, change);
    stepOf(random)?.(live, mutate, random);
  }
};
