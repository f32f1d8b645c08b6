import { type BasicMutations, basicMutations } from './basic-mutations.ts';
import { churn } from './churn.ts';
import type { Tell } from './editing.ts';
import type { LiveWorld } from './live-world.ts';
import { withRawNumbers } from './raw-numbers.ts';

/** What can happen while the sandbox runs; from another process through `POST /__sandbox/mutate`. */
export interface Mutations extends BasicMutations {
  /** So many changes of all kinds, the same ones for the same seed and world. */
  churn(seed: number, changes: number): void;
}

export const createMutations = (live: LiveWorld, tell: Tell = () => undefined): Mutations => {
  const basic = basicMutations(live, tell);
  const all: Mutations = { ...basic, churn: (seed, changes) => churn(live, basic, seed, changes) };
  return Object.fromEntries(
    Object.entries(all).map(([name, run]) => [
      name,
      (...args: unknown[]) => (run as (...given: unknown[]) => unknown)(...args.map(withRawNumbers)),
    ]),
  ) as unknown as Mutations;
};
