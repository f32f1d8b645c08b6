import { asFilledText, asId, asObject, asTime } from '../../lib/read-json.ts';
import type { InternalArticleTable } from './table.ts';

export type InternalArticleColumns = Omit<
  InternalArticleTable,
  'workspace_id' | 'payload' | 'fetched_at' | 'listed_in' | 'deleted_at'
>;

/** An object of GET /internal_articles → columns; undefined without an id. */
export const mapInternalArticle = (payload: unknown): InternalArticleColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    title: asFilledText(object.title),
    owner_id: asId(object.owner_id),
    author_id: asId(object.author_id),
    locale: asFilledText(object.locale),
    created_at: asTime(object.created_at),
    updated_at: asTime(object.updated_at),
  };
};
