import { ApiError, invalid } from '../errors.ts';
import { textOf } from '../text-of.ts';
import type { JsonObject, ListName } from '../world.ts';
import type { Tell } from './editing.ts';
import type { LiveWorld } from './live-world.ts';

export interface ListMutations {
  /** Adds to a small table, or changes what it has under the same id; `updated_at` moves to now unless it is given. */
  put(list: ListName, item: JsonObject): void;
  /** Takes something out of a small table. */
  drop(list: ListName, id: string): void;
}

/** Standard attributes have no id (API-FACTS 5.7). */
const keyOf = (item: JsonObject): string =>
  item.id === undefined ? `${textOf(item.model)} ${textOf(item.full_name)}` : textOf(item.id);

/** What of the small tables has a topic (API-FACTS 8.1). */
const TOPICS: Readonly<Partial<Record<ListName, readonly [string, string, string]>>> = {
  articles: ['article.created', 'article.updated', 'article.deleted'],
  admins: ['admin.added_to_workspace', '', 'admin.removed_from_workspace'],
};

export const listMutations = (live: LiveWorld, tell: Tell): ListMutations => {
  const listOf = (name: ListName): JsonObject[] => {
    if (!Object.hasOwn(live.lists, name))
      throw invalid(`There is no list '${name}'. Known: ${Object.keys(live.lists).join(', ')}`);
    return live.lists[name];
  };
  const told = (name: ListName, event: 0 | 1 | 2, item: JsonObject): void => {
    const topic = TOPICS[name]?.[event] ?? '';
    if (topic !== '') tell(topic, item);
  };
  const timeOf = (name: ListName): string | number =>
    name === 'macros' ? new Date(live.now() * 1000).toISOString() : live.now();

  return {
    put(name, item) {
      const list = listOf(name);
      const at = list.findIndex((each) => keyOf(each) === keyOf(item));
      const model = list[at] ?? list[0] ?? {};
      const moved = 'updated_at' in model ? { updated_at: timeOf(name) } : {};
      const born = 'created_at' in model && at === -1 ? { created_at: timeOf(name) } : {};
      const made = { ...(at === -1 ? {} : model), ...born, ...moved, ...item };
      if (at === -1) list.push(made);
      else list[at] = made;
      told(name, at === -1 ? 0 : 1, made);
    },
    drop(name, id) {
      const list = listOf(name);
      const at = list.findIndex((each) => keyOf(each) === id);
      const [gone] = at === -1 ? [] : list.splice(at, 1);
      if (gone === undefined) throw new ApiError(404, 'not_found', `${name}: ${id} not found`);
      told(name, 2, { type: gone.type ?? name, id });
    },
  };
};
