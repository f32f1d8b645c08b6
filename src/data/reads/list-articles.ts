import type { ReadContext } from '../context.ts';

/** A row of the list of articles; times in Unix seconds, as Intercom has them. */
export interface ListedArticle {
  readonly id: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly state: string | null;
  readonly url: string | null;
  readonly author_id: string | null;
  readonly default_locale: string | null;
  readonly created_at: number | null;
  readonly updated_at: number | null;
}

/** A page of the articles, the last changed first, and how many there are. */
export const listArticles = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string; readonly offset: number; readonly limit: number },
): Promise<{ readonly total: number; readonly articles: readonly ListedArticle[] }> => {
  const all = db
    .selectFrom('articles')
    .where('workspace_id', '=', args.workspaceId)
    .where('deleted_at', 'is', null);
  const counted = await all.select(({ fn }) => fn.countAll<number | string>().as('total')).executeTakeFirst();
  const articles = await all
    .select([
      'id',
      'title',
      'description',
      'state',
      'url',
      'author_id',
      'default_locale',
      'created_at',
      'updated_at',
    ])
    .orderBy((eb) => eb.fn.coalesce('updated_at', eb.lit(0)), 'desc')
    .orderBy('id')
    .offset(args.offset)
    .limit(args.limit)
    .execute();
  return { total: Number(counted?.total ?? 0), articles };
};
