import { isAppError, toAppError } from '../errors/app-error.ts';
import { ARTICLE_OBJECTS } from './article-objects.ts';
import { COMPANIES } from './company-objects.ts';
import { CONTACTS } from './contact-objects.ts';
import { fetchLive, type ObjectSource } from './fetch-queued.ts';
import type { RunContext } from './run-context.ts';
import { takeWakes } from './take-wakes.ts';
import { TICKET_OBJECTS } from './ticket-objects.ts';

type Fetch = (run: RunContext) => Promise<void>;

/** @throws the refusal, what ends the whole run */
const wokenOf =
  <Item>(source: ObjectSource<Item>): Fetch =>
  async (run) => {
    const refusal = await fetchLive(run, source, await takeWakes(run, source.queue));
    if (refusal !== undefined) throw refusal;
  };

/** What webhooks announce besides conversations; each has a queue of its own name. */
const SOURCES: Readonly<Record<string, Fetch>> = {
  articles: wokenOf(ARTICLE_OBJECTS),
  companies: wokenOf(COMPANIES),
  contacts: wokenOf(CONTACTS),
  tickets: wokenOf(TICKET_OBJECTS),
};

/** Something that webhooks announced waits to be fetched, of whatever entity. */
export const hasWoken = async ({ clock, fence, store }: RunContext): Promise<boolean> => {
  const entities = ['conversations', ...Object.keys(SOURCES)];
  const args = { workspaceId: fence.workspaceId, entities, now: clock.now() };
  return (await store.read('listWokenEntities', args)).length > 0;
};

/** One look: fetches what webhooks announced of everything but conversations. @throws what ends a run */
export const fetchWokenObjects = async (run: RunContext): Promise<void> => {
  const { clock, fence, logger, signal, store } = run;
  const args = { workspaceId: fence.workspaceId, entities: Object.keys(SOURCES), now: clock.now() };
  const woken = await store.read('listWokenEntities', args);
  const fetchOf = async (entity: string): Promise<void> => {
    try {
      await SOURCES[entity]?.(run);
    } catch (error) {
      // A list finds them later; a token that may not read them is told by then.
      if (signal.aborted || isAppError(error, 'INTERCOM_UNAUTHORIZED')) throw error;
      logger.warn({ entity, code: toAppError(error).code }, 'what webhooks announced could not be fetched');
    }
  };
  await Promise.all(woken.map(fetchOf));
};
