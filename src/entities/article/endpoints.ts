import { asId, asObject, type Json } from '../../lib/read-json.ts';

/** GET /articles, page numbers, the newest updated_at first (API-FACTS 3, 5.6). */
export const ARTICLES = { path: '/articles', key: 'data' } as const;

/** GET /articles/{id}: with the statistics that the list leaves out (API-FACTS 5.6). */
export const articlePath = (id: string): string => `/articles/${encodeURIComponent(id)}`;

export const isArticle =
  (id: string) =>
  (json: unknown): json is Json =>
    asId(asObject(json).id) === id;
