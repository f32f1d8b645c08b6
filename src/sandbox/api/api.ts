import { createFinder } from '../search/find-page.ts';
import type { LiveWorld } from '../live/live-world.ts';
import type { JsonObject } from '../world.ts';
import type { SortMode } from './sort.ts';

/** What the facts sheet leaves open, or what a test wants otherwise; may change while the sandbox runs. */
export interface Behaviour {
  /** `>` and `<` on seconds take their bound in (API-FACTS 4.2). */
  readonly inclusiveBounds: boolean;
  readonly sort: SortMode;
}

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
  readonly findContacts: ReturnType<typeof createFinder>;
}

/** @throws ApiError */
export type Handler = (api: Api, request: ApiRequest) => JsonObject;

export const createApi = (live: LiveWorld, behaviour: () => Behaviour): Api => ({
  live,
  behaviour,
  findConversations: createFinder(live.conversations, live.world.conversations.count),
  findContacts: createFinder(live.contacts, live.world.contacts.count),
});

/** True for the versions that have what came with 2.16 (API-FACTS 10). */
export const hasVersion216 = ({ version }: ApiRequest): boolean =>
  version === '2.16' || version === 'Preview' || version === 'Unstable';
