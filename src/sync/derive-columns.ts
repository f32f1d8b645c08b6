import type { DerivedEntity, RowToDerive } from '../data/reads/derivation-page.ts';
import { readConversation } from './conversation-source.ts';
import { toIncomingContact } from './incoming-contact.ts';
import type { RunContext } from './run-context.ts';

/** Rows read and written at once: small, so that everything else goes on in between. */
const ROWS = 100;

type DeriveContext = Pick<RunContext, 'store' | 'fence' | 'signal' | 'logger'>;

/**
 * Reads the columns that a newer version added from the payloads that an older one stored, without the network, step by
 * step beside the sync (TRAPS T77). Nothing to do in a mirror that is of this version from the start. Where it was
 * stopped it goes on.
 */
export const deriveColumns = async (run: DeriveContext): Promise<void> => {
  await derive(run, 'conversations', (rows, after) =>
    run.store.write('deriveConversations', {
      fence: run.fence,
      after,
      conversations: rows.flatMap((row) => {
        const found = readConversation(row.json, JSON.parse(row.json));
        return found === undefined ? [] : [{ ...found, fetchedAt: row.fetchedAt }];
      }),
    }),
  );
  await derive(run, 'contacts', (rows, after) =>
    run.store.write('deriveContacts', {
      fence: run.fence,
      after,
      contacts: rows.flatMap((row) => {
        const found = row.deleted ? undefined : toIncomingContact(row.json);
        return found === undefined ? [] : [{ ...found, fetchedAt: row.fetchedAt }];
      }),
    }),
  );
};

type Readable = RowToDerive & { readonly json: string };

const derive = async (
  { fence, logger, signal, store }: DeriveContext,
  entity: DerivedEntity,
  write: (rows: readonly Readable[], after: string | null) => Promise<unknown>,
): Promise<void> => {
  const { workspaceId } = fence;
  let count = 0;
  while (!signal.aborted) {
    const rows = await store.read('derivationPage', { workspaceId, entity, limit: ROWS });
    if (rows === null) break;
    const readable = rows.flatMap((row) => (row.payload === null ? [] : [{ ...row, json: row.payload }]));
    await write(readable, rows.length < ROWS ? null : (rows.at(-1)?.id ?? null));
    count += rows.length;
  }
  if (count > 0) logger.info({ entity, count }, 'columns were read anew from stored payloads');
};
