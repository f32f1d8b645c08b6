import type { JsonObject } from '../world.ts';
import type { Behaviour } from './behaviour.ts';

/** How the end of a cursor list looks (TRAPS T09). */
const ENDS: Readonly<Record<Behaviour['lastPage'], JsonObject>> = {
  absent: {},
  null: { next: null },
  nullCursor: { next: { starting_after: null } },
};

const urlOf = (path: string, next: JsonObject, perPage: unknown): string =>
  `https://api.intercom.io${path}?per_page=${Number(perPage)}&starting_after=${encodeURIComponent(String(next.starting_after))}`;

/** Writes how a cursor list leads on and ends in the shape that is wanted; lists by number have a URL or null already. */
export const shapePages = (answer: JsonObject, path: string, behaviour: Behaviour): JsonObject => {
  const pages = answer.pages as JsonObject | null | undefined;
  if (typeof pages !== 'object' || pages === null) return answer;
  const { next } = pages;
  if (next === undefined) return { ...answer, pages: { ...pages, ...ENDS[behaviour.lastPage] } };
  if (behaviour.nextPage === 'object' || typeof next !== 'object' || next === null) return answer;
  return { ...answer, pages: { ...pages, next: urlOf(path, next as JsonObject, pages.per_page) } };
};
