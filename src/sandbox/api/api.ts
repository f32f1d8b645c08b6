import { createFinder } from '../search/find-page.ts';
import type { LiveWorld } from '../live/live-world.ts';
import { isAtLeast } from '../versions.ts';
import type { JsonObject } from '../world.ts';
import type { Behaviour } from './behaviour.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly token: string;
  /** Of the Intercom-Version header. */
  readonly version: string;
  /** Of the path; empty where it names none. */
  readonly id: string;
}

/** What a handler works with. */
export interface Api {
  readonly live: LiveWorld;
  readonly behaviour: () => Behaviour;
  readonly findConversations: ReturnType<typeof createFinder>;
  /** Those that are no tickets: what a token without their scope sees (API-FACTS 5.1). */
  readonly findPlainConversations: ReturnType<typeof createFinder>;
  readonly findTickets: ReturnType<typeof createFinder>;
  readonly findContacts: ReturnType<typeof createFinder>;
}

/** @throws ApiError */
export type Handler = (api: Api, request: ApiRequest) => JsonObject;

export const createApi = (live: LiveWorld, behaviour: () => Behaviour): Api => ({
  live,
  behaviour,
  findConversations: createFinder(live.conversations, live.world.conversations.count),
  findPlainConversations: createFinder(
    { ...live.conversations, order: (field) => live.conversations.order(field, 'plain') },
    live.world.conversations.count,
  ),
  findTickets: createFinder(live.tickets, live.world.conversations.count),
  findContacts: createFinder(live.contacts, live.world.contacts.count),
});

/** True for the versions that have what came with 2.16 (API-FACTS 10). */
export const hasVersion216 = ({ version }: ApiRequest): boolean => isAtLeast(version, '2.16');

/** The zone that the days of the workspace are cut by. */
export const timeZoneOf = ({ live, behaviour }: Api): string =>
  behaviour().timeZone ?? live.world.workspace.timezone;
