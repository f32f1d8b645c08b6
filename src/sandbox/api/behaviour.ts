import type { SortMode } from './sort.ts';

/** How the API behaves where the facts sheet leaves it open, or a test wants it otherwise; may change at run time. */
export interface Behaviour {
  /** `>` and `<` on seconds take their bound in (API-FACTS 4.2). */
  readonly inclusiveBounds: boolean;
  readonly sort: SortMode;
  /** Seconds that a scroll of the companies may rest. */
  readonly scrollIdleSeconds: number;
  /** Somebody else's scroll is open. */
  readonly foreignScroll: boolean;
}

export const DEFAULT_BEHAVIOUR: Behaviour = {
  inclusiveBounds: false,
  sort: 'honoured',
  scrollIdleSeconds: 60,
  foreignScroll: false,
};
