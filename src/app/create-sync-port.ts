import type { AskedSync, SyncPort } from '../query/sync-port.ts';
import type { SyncGroup } from './sync-group.ts';

/** Lets a question ask this process's syncs, and by way of the database those of others. */
export const createSyncPort = ({ members, pausedBy }: SyncGroup): SyncPort => ({
  async ask(aliases) {
    const asked = aliases === undefined ? members : members.filter(({ alias }) => aliases.includes(alias));
    const services = asked.flatMap(({ alias, sync }) => (sync ? [{ alias, sync }] : []));
    const because = services.length === 0 ? pausedBy(aliases ?? []) : undefined;
    if (because) throw because;
    const answers = await Promise.allSettled(
      services.map(async ({ alias, sync }): Promise<AskedSync> => ({ alias, ...(await sync.ask()) })),
    );
    const tickets = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const refusal = answers.find((answer) => answer.status === 'rejected');
    if (tickets.length === 0 && refusal) throw refusal.reason;
    // Tokens of one workspace ask for one sync.
    const firsts = tickets.filter(
      ({ workspaceId }, index) => tickets.findIndex((other) => other.workspaceId === workspaceId) === index,
    );
    const others = tickets.filter((ticket) => !firsts.includes(ticket));
    await Promise.all(others.map((ticket) => ticket.forget()));
    return firsts;
  },
});
