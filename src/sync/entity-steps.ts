import {
  PAGED_ENTITIES,
  type PagedEntity,
  SMALL_TABLE_KEYS,
  type SmallEntity,
} from '../data/listed-entities.ts';
import { fetchCompanies } from './company-objects.ts';
import { fetchContacts } from './contact-objects.ts';
import { fetchContactLists } from './contact-lists.ts';
import { probeTickets } from './probe-tickets.ts';
import type { RunContext } from './run-context.ts';
import { syncSegmentMembers } from './segment-members.ts';
import { syncCompanies } from './sync-companies.ts';
import { syncContacts } from './sync-contacts.ts';
import { syncConversations } from './sync-conversations.ts';
import { syncPagedList } from './sync-paged-lists.ts';
import { syncSmallTable } from './sync-small-tables.ts';
import { syncTickets } from './sync-tickets.ts';
import type { SyncEntity } from './types.ts';

type Step = (run: RunContext) => Promise<void>;

/** @throws the signal's reason */
const untilAborted = async (promise: Promise<void>, signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
};

const stepsOf = <Name extends string>(
  names: readonly Name[],
  step: (run: RunContext, name: Name) => Promise<void>,
): Record<Name, Step> =>
  Object.fromEntries(names.map((name) => [name, (run: RunContext) => step(run, name)])) as Record<Name, Step>;

/**
 * How each of these entities is synced in one run; `full`: everything again instead of what changed. While all
 * conversations are being listed, the other long lists wait: with that list every metric is there.
 */
export const entitySteps = (entities: readonly SyncEntity[], full: boolean): Record<SyncEntity, Step> => {
  const listed = Promise.withResolvers<void>();
  if (!entities.includes('conversations')) listed.resolve();
  const afterList = (run: RunContext): Promise<void> => untilAborted(listed.promise, run.signal);
  let contacts: Promise<void> | undefined;
  let segments: Promise<void> | undefined;
  let tickets: Promise<void> | undefined;
  const ticketsProbed = (run: RunContext): Promise<void> => (tickets ??= probeTickets(run));
  return {
    ...stepsOf(Object.keys(SMALL_TABLE_KEYS) as SmallEntity[], syncSmallTable),
    ...stepsOf<PagedEntity>(PAGED_ENTITIES, async (run, name) => {
      await afterList(run);
      await syncPagedList(run, name);
    }),
    async segments(run) {
      segments = syncSmallTable(run, 'segments');
      await segments;
    },
    async contacts(run) {
      await afterList(run);
      contacts = syncContacts(run, full || run.verify).then(() => fetchContactLists(run));
      await contacts;
      await fetchContacts(run);
      // Which segments there are says their own list; whatever becomes of it, those of before are asked for.
      await segments?.catch(() => undefined);
      await syncSegmentMembers(run, full);
    },
    async companies(run) {
      await afterList(run);
      await syncCompanies(run);
      // Contacts name companies that no list shows, also in what is fetched behind their list.
      await contacts?.catch(() => undefined);
      await fetchCompanies(run);
    },
    async tickets(run) {
      await ticketsProbed(run);
      await afterList(run);
      await syncTickets(run, full);
    },
    async conversations(run) {
      // Whatever becomes of it, conversations are listed; a refusal is told with the tickets.
      const allowed = ticketsProbed(run).catch(() => undefined);
      const onListed = listed.resolve;
      await syncConversations(run, { full, allowed, onListed }).finally(onListed);
    },
  };
};
