import type { Version } from '../versions.ts';
import type { SortMode } from './sort.ts';

/** How the API behaves where the facts sheet leaves it open, or a test wants it otherwise; may change at run time. */
export interface Behaviour {
  /** `>` and `<` on seconds take their bound in (API-FACTS 4.2). */
  readonly inclusiveBounds: boolean;
  readonly sort: SortMode;
  /** Names of scopes that the token has not (TRAPS T20, T68). */
  readonly missingScopes: readonly string[];
  /** What a request without its scope is answered with; never rate headers' fault (API-FACTS 1.9). */
  readonly missingScopeStatus: 401 | 403;
  /** Beginnings of paths that the workspace's plan does not have (TRAPS T69). */
  readonly planRestricted: readonly string[];
  /** The newest version that the app may use (TRAPS T46). */
  readonly newestVersion: Version;
  /** How contact searches read dates; null: days, but in Preview seconds (API-FACTS 4.3, 4.4, TRAPS T87). */
  readonly contactDates: 'day' | 'exactSecond' | null;
  /** Contacts changed so near to midnight in UTC are not found by a search (TRAPS T17). */
  readonly hiddenAroundMidnightSeconds: number;
  /** How a cursor list leads on: an object, or a URL (TRAPS T09). */
  readonly nextPage: 'object' | 'url';
  /** How a cursor list ends: without `next`, with null, or with a null cursor (TRAPS T09). */
  readonly lastPage: 'absent' | 'null' | 'nullCursor';
  /** Every so many pages one is empty, or short, though more follow (TRAPS T08); 0: none, else at least 2. */
  readonly emptyPageEvery: number;
  readonly shortPageEvery: number;
  /** Seconds that a scroll of the companies may rest. */
  readonly scrollIdleSeconds: number;
  /** Somebody else's scroll is open (TRAPS T13). */
  readonly foreignScroll: boolean;
  /** What GET /me says instead of what the world was made with. The zone also cuts the days of contact searches. */
  readonly region: 'US' | 'EU' | 'AU' | null;
  readonly workspaceId: string | null;
  readonly timeZone: string | null;
}

export const DEFAULT_BEHAVIOUR: Behaviour = {
  inclusiveBounds: false,
  sort: 'honoured',
  missingScopes: [],
  missingScopeStatus: 403,
  planRestricted: [],
  newestVersion: 'Preview',
  contactDates: null,
  hiddenAroundMidnightSeconds: 0,
  nextPage: 'object',
  lastPage: 'absent',
  emptyPageEvery: 0,
  shortPageEvery: 0,
  scrollIdleSeconds: 60,
  foreignScroll: false,
  region: null,
  workspaceId: null,
  timeZone: null,
};
