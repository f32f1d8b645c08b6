import type { World } from '../world.ts';
import { buildConversation, updatedAtOf } from './conversation.ts';
import { corpusSource } from './corpus.ts';
import { grammarSource, incidentOf } from './grammar.ts';
import { companyIndex, contactIndex, conversationId, conversationIndex } from './ids.ts';
import { adminsOf, companyOf, contactOf, tagsOf, teamsOf } from './small-tables.ts';
import { timelineOf } from './timeline.ts';

/** 2026-10-31T00:00:00Z: fixed, so that a world is the same whenever it is made. */
export const DEFAULT_END_TIME = 1_793_404_800;

export interface WorldOptions {
  readonly seed: number;
  /** Default: 1,000, or each conversation of the corpus once. */
  readonly conversations?: number;
  /** Takes the text from this folder instead of the grammar. */
  readonly corpusDir?: string;
  /** Plants an incident (grammar only), see `incidentOf`. */
  readonly incident?: boolean;
  /** End of the two years, Unix seconds. */
  readonly endTime?: number;
  readonly workspaceId?: string;
}

/** A deterministic workspace: the same options give the same objects, in any order of asking. */
export const createWorld = async (options: WorldOptions): Promise<World> => {
  const { seed } = options;
  const endTime = options.endTime ?? DEFAULT_END_TIME;
  const source =
    options.corpusDir === undefined
      ? grammarSource({ seed, ...(options.incident ? { incident: incidentOf({ seed, endTime }) } : {}) })
      : corpusSource(options.corpusDir, seed);
  const count = options.conversations ?? source.natural;
  const created = timelineOf(count, endTime);
  const updated = new Int32Array(count);
  const createdAt = (index: number): number => created[index] ?? endTime;
  for (let index = 0; index < count; index += 1) {
    updated[index] = updatedAtOf(seed, index, createdAt(index), source.turnCount(index, createdAt(index)));
  }
  const contactCount = count === 0 ? 5 : Math.max(5, Math.ceil(count * 0.6));
  const companyCount = Math.max(3, Math.ceil(contactCount / 12));
  const contactTimes = timelineOf(contactCount, endTime);
  const companyTimes = timelineOf(companyCount, endTime);
  const workspaceId = options.workspaceId ?? `sandbox${seed}`;
  const admins = adminsOf();
  return {
    workspace: {
      id_code: workspaceId,
      name: 'Sandbox Workspace',
      region: 'US',
      timezone: 'America/Los_Angeles',
      created_at: endTime - 3 * 365 * 86_400,
    },
    me: { ...(admins[0] ?? {}), email_verified: true, avatar: null },
    admins,
    teams: teamsOf(),
    tags: tagsOf(),
    contactCount,
    contact: (index) => contactOf(seed, index, contactTimes[index] ?? endTime, companyCount, workspaceId),
    contactIndex: (id) => contactIndex(id, contactCount),
    companyCount,
    company: (index) => companyOf(seed, index, companyTimes[index] ?? endTime),
    companyIndex: (id) => companyIndex(id, companyCount),
    conversationCount: count,
    conversationMeta: (index) => ({
      id: conversationId(index),
      created_at: createdAt(index),
      updated_at: updated[index] ?? endTime,
    }),
    conversation: (index) =>
      buildConversation({
        seed,
        index,
        createdAt: createdAt(index),
        contacts: contactCount,
        companies: companyCount,
        text: source.text(index, createdAt(index)),
      }),
    conversationIndex: (id) => conversationIndex(id, count),
  };
};
