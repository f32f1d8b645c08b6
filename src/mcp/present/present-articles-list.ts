import type { ListArticlesAnswer } from '../../query/compat-types.ts';
import type { ToolAnswer } from '../define.ts';
import { cut, type Extent, withinBudget } from './budget.ts';
import { compact } from './compact.ts';
import { metadataData } from './metadata.ts';
import { visible } from './untrusted.ts';

const TEXT_CELL = 300;

type Article = ListArticlesAnswer['articles'][number];

const articleData = (article: Article, { cell }: Extent): Record<string, unknown> => {
  if (cell === 0) return { type: 'article', id: article.id };
  const clean = (text: string | null): string | null => text && visible(cut(text, Math.min(cell, TEXT_CELL)));
  return compact({
    type: 'article',
    ...article,
    title: clean(article.title),
    description: clean(article.description),
    url: clean(article.url),
    untrusted: true,
  });
};

/** The list in Intercom's own form (COMPETITORS B1), as JSON in text and data, within the budget. */
export const presentArticlesList = (answer: ListArticlesAnswer, maxTokens: number): ToolAnswer => {
  const { articles, metadata, page, perPage, total } = answer;
  return withinBudget({
    rows: articles.length,
    maxTokens,
    render: (extent) => {
      const left = articles.length - extent.shown;
      const notes = [
        ...(extent.brief ? [] : metadata.notes),
        ...(left > 0
          ? [
              `${left} articles of this page were left out to fit ${maxTokens} tokens; ask for fewer per_page.`,
            ]
          : []),
      ];
      const data = {
        type: 'list',
        data: articles.slice(0, extent.shown).map((article) => articleData(article, extent)),
        total_count: total,
        pages: { type: 'pages', page, per_page: perPage, total_pages: Math.ceil(total / perPage) },
        metadata: metadataData(metadata, notes, extent.brief),
      };
      return { text: JSON.stringify(data), data };
    },
  });
};
