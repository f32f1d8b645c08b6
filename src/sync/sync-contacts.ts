import { randomUUID } from 'node:crypto';
import type { IncomingContact } from '../data/writes/apply-contacts.ts';
import { CONTACT_PAGE_SIZE, CONTACTS_PATH, isContactPage } from '../entities/contact/endpoints.ts';
import { mapContact } from '../entities/contact/mapping.ts';
import { sliceArray } from '../lib/json/slice-json.ts';
import { cursorOf } from './cursor-of.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

/** Mirrors all contacts by their cursor list; a run that was killed goes on at the page it had reached. */
export const syncContacts = async (run: RunContext): Promise<void> => {
  const { client, store, fence, signal, report } = run;
  const entity = 'contacts';
  const result = report.entity(entity);
  const plan = await store.read('readSyncPlan', { workspaceId: fence.workspaceId, entity });
  const scanId = plan.scan?.scanId ?? randomUUID();
  const startedAt = plan.scan?.startedAt ?? serverSeconds(client);
  if (plan.scan === null) {
    const windows = [{ lower: 0, upper: startedAt }];
    await store.write('startScan', { fence, entity, scanId, field: 'list', startedAt, windows });
  }
  let cursor = plan.scan?.windows[0]?.nextCursor ?? null;
  let done = plan.scan?.windows[0]?.done ?? false;
  while (!done) {
    const { data, text, serverTime } = await client.request('GET', CONTACTS_PATH, {
      query: { per_page: CONTACT_PAGE_SIZE, ...(cursor === null ? {} : { starting_after: cursor }) },
      expect: isContactPage,
      signal,
    });
    const next = cursorOf(data.pages, cursor);
    const contacts = sliceArray(text, 'data').flatMap((payload): IncomingContact[] => {
      const columns = mapContact(JSON.parse(payload));
      if (columns === undefined) result.failed += 1;
      return columns === undefined ? [] : [{ columns, payload }];
    });
    const step = { scanId, windowNo: 0, nextCursor: next };
    const { changed } = await store.write('applyContactPage', {
      fence,
      step,
      contacts,
      fetchedAt: serverTime,
    });
    result.listed += contacts.length;
    result.changed += changed;
    report.tell();
    cursor = next;
    done = next === null;
  }
  await store.write('finishScan', {
    fence,
    entity,
    watermark: startedAt,
    completedAt: serverSeconds(client),
  });
};
