import { isAppError, toAppError } from '../errors/app-error.ts';
import { noteAllowed, noteRefused, refusalOf, stateOf } from './capabilities.ts';
import { type RunContext, serverSeconds } from './run-context.ts';
import { fetchSearchPage } from './search-page.ts';
import { TICKETS } from './ticket-source.ts';

/**
 * Asks whether tickets may be read, unless it is known that they may. Conversations that are tickets are listed only to
 * who may read tickets, and nothing says that they are missing (API-FACTS 5.1, TRAPS T20): so this is asked before
 * conversations are listed, and `noteCapability` has all of them listed again when it turns out well.
 * @throws AppError the refusal
 */
export const probeTickets = async (run: RunContext): Promise<void> => {
  if ((await stateOf(run, 'tickets')) === 'ok') return;
  try {
    const search = { field: 'created_at', lower: 0, upper: serverSeconds(run.client), perPage: 1 } as const;
    await fetchSearchPage(run.client, TICKETS.endpoint, search, run.signal);
  } catch (error) {
    const thrown = toAppError(error);
    if (run.signal.aborted || !isAppError(error)) throw error;
    const known = await run.judgeRefusal(thrown);
    const refusal = refusalOf('tickets', known);
    if (refusal !== undefined) await noteRefused(run, 'tickets', refusal);
    throw known;
  }
  await noteAllowed(run, 'tickets');
};
