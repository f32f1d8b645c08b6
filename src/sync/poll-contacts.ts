import type { IncomingContact } from '../data/writes/apply-contacts.ts';
import { addDays, isTimeZone, startOfZonedDay, zonedDayOf } from '../lib/time-zone.ts';
import { openContactChanges } from './contact-changes.ts';
import { contactsOf, storeContacts, storeMerges } from './contact-page.ts';
import { CursorTrail } from './cursor-trail.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

const ENTITY = 'contacts';

/** First second of the local day before the one that `time` falls on, Unix seconds. */
const dayBefore = (time: number, timeZone: string): number => {
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
  return startOfZonedDay(addDays(zonedDayOf(time * 1000, zone), -1), zone) / 1000;
};

/** The largest updated_at that may follow, while the answers keep their order; undefined once they do not. */
const lowestOf = (contacts: readonly IncomingContact[], ceiling: number): number | undefined => {
  let lowest = ceiling;
  for (const { columns } of contacts) {
    const time = columns.updated_at;
    if (time === null || time > lowest) return undefined;
    lowest = time;
  }
  return lowest;
};

/**
 * Contacts that changed since the watermark. The search knows days only, so it is asked from the day before on, newest
 * first, and left at the first contact that is old enough. Where the order is not kept, all of it is read (TRAPS T05, T15).
 */
export const pollContacts = async (run: RunContext, watermark: number): Promise<void> => {
  const { client, fence, logger, store, tuning } = run;
  const { time: startedAt, timeZone } = await run.askServer();
  const since = watermark - tuning.overlapSeconds;
  const dayStart = dayBefore(since, timeZone);
  const ask = await openContactChanges(run);
  const trail = new CursorTrail(null);
  let lowest: number | undefined = Number.POSITIVE_INFINITY;
  for (;;) {
    const { data, serverTime, text } = await ask(dayStart, trail.cursor);
    const contacts = contactsOf(run, text);
    const next = trail.follow(
      data.pages,
      contacts.map(({ columns }) => columns.id),
    );
    await storeContacts(run, contacts, serverTime);
    await storeMerges(run, data.data, serverTime);
    const ordered: boolean = lowest !== undefined;
    lowest = lowest === undefined ? undefined : lowestOf(contacts, lowest);
    if (ordered && lowest === undefined)
      logger.warn({}, 'contacts do not come in the order that was asked for; all of them are read');
    if (next === null || (lowest !== undefined && lowest < since)) break;
  }
  await store.write('finishScan', {
    fence,
    entity: ENTITY,
    kind: 'poll',
    watermark: startedAt,
    completedAt: serverSeconds(client),
  });
};
