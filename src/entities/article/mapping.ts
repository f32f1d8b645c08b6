import { asFilledText, asId, asObject, asTime } from '../../lib/read-json.ts';
import type { ArticleTable } from './table.ts';

export type ArticleColumns = Omit<
  ArticleTable,
  'workspace_id' | 'payload' | 'fetched_at' | 'listed_in' | 'deleted_at'
>;

/** An object of GET /articles → columns; undefined without an id. */
export const mapArticle = (payload: unknown): ArticleColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    title: asFilledText(object.title),
    description: asFilledText(object.description),
    state: asFilledText(object.state),
    url: asFilledText(object.url),
    author_id: asId(object.author_id),
    default_locale: asFilledText(object.default_locale),
    created_at: asTime(object.created_at),
    updated_at: asTime(object.updated_at),
  };
};
