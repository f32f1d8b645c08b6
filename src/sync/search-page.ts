import { setImmediate } from 'node:timers/promises';
import type { IntercomClient } from '../intercom/client.ts';
import type { Query } from '../intercom/request-url.ts';
import { splitArray } from '../lib/json/slice-json.ts';
import { Turns } from '../lib/turns.ts';
import { asObject } from '../lib/read-json.ts';
import { type WindowSearch, windowSearchBody } from '../lib/window-search.ts';
import type { AskWith } from './optional-parameters.ts';
import { patienceFor } from './page-size.ts';

/** An object of a page; times as the payload has them, null where they cannot be read. */
export interface SearchItem {
  readonly columns: { readonly id: string };
  readonly times: { readonly created_at: number | null; readonly updated_at: number | null };
}

/** Where an entity is searched for, and what its objects map to. */
export interface SearchEndpoint<Item extends SearchItem> {
  readonly path: string;
  /** Key of the array in the answer. */
  readonly key: string;
  /** A payload and its JSON; undefined without an id. */
  readonly map: (payload: string, parsed: unknown) => Item | undefined;
  /** What it is asked to show besides. */
  readonly askWith?: AskWith;
}

export interface SearchPage<Item extends SearchItem> {
  readonly items: readonly Item[];
  /** Items that cannot be read at all. */
  readonly unusable: number;
  readonly pages: unknown;
  readonly total: number | null;
  readonly serverTime: number;
}

/**
 * Shape guard of a search page: anything else is a broken answer, never an empty page (TRAPS T62). `pages` is part of it:
 * without one a page that was cut short would look like the last.
 */
const isPage =
  (key: string) =>
  (json: unknown): json is Record<string, unknown> => {
    const page = asObject(json);
    const isNamed = page.type === undefined || typeof page.type === 'string';
    return Array.isArray(page[key]) && page.pages !== undefined && isNamed;
  };

/** One page at a time: of a page that waits there is its text only. */
const reading = new Turns(1);
/** Objects that are read in one go: between them others have their turn. */
const READ_AT_ONCE = 25;

/**
 * Reads a page object by object: of each only what is kept stays, before the next one is parsed. A whole page at once
 * makes so much garbage that it grows old.
 */
const readPage =
  <Item extends SearchItem>({ key, map }: SearchEndpoint<Item>) =>
  (text: string): Promise<unknown> =>
    reading.take(async () => {
      const page = splitArray(text, key);
      if (page === undefined) return JSON.parse(text) as unknown;
      const rest = asObject(JSON.parse(page.rest));
      const items: (Item | undefined)[] = [];
      for (const payload of page.elements) {
        items.push(map(payload, JSON.parse(payload)));
        if (items.length % READ_AT_ONCE === 0) await setImmediate();
      }
      return { ...rest, [key]: items };
    });

/** One page of a search by time; each item with its own JSON, character for character. */
export const fetchSearchPage = async <Item extends SearchItem>(
  client: IntercomClient,
  endpoint: SearchEndpoint<Item>,
  search: WindowSearch,
  signal: AbortSignal,
): Promise<SearchPage<Item>> => {
  const { askWith, key, path } = endpoint;
  const read = readPage(endpoint);
  const ask = (query?: Query) =>
    client.request('POST', path, {
      body: windowSearchBody(search),
      read,
      expect: isPage(key),
      // Before the threads: pages are few, and with the last of them every metric is there.
      priority: 'high',
      ...(query === undefined ? {} : { query }),
      ...patienceFor(search.perPage),
      signal,
    });
  const { data, serverTime } = await (askWith === undefined ? ask() : askWith(ask));
  const objects = data[key] as readonly (Item | undefined)[];
  const items = objects.filter((item) => item !== undefined);
  return {
    // Bounds are sent one second wider than meant (see windowSearchBody); the surplus belongs to other windows.
    // What has no time that could be read belongs to the window that it was listed in.
    items: items.filter(({ times }) => {
      const time = times[search.field];
      return time === null || (time >= search.lower && time <= search.upper);
    }),
    unusable: objects.length - items.length,
    pages: data.pages,
    total: typeof data.total_count === 'number' ? data.total_count : null,
    serverTime,
  };
};
