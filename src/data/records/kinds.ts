import { htmlToText } from '../../lib/text/html-to-text.ts';

/** Objects that are listed and searched as rows: they are fewer than conversations, and short. */
export type RecordKind = 'contacts' | 'companies' | 'tickets' | 'articles' | 'internal_articles';

export type RecordRow = Readonly<Record<string, unknown>> & { readonly id: string };

interface KindFacts {
  /** What a row of a list shows, under Intercom's names. */
  readonly columns: readonly string[];
  /** Columns that words are looked for in, the most telling first. */
  readonly words: readonly string[];
  /** Texts in the payload that words are looked for in, too; such objects are few. */
  readonly payloadTexts?: (payload: Readonly<Record<string, unknown>>) => readonly string[];
}

/** The bodies of an article in all of its languages (API-FACTS 5.5). */
const bodiesOf = ({ body, translated_content: translated }: Readonly<Record<string, unknown>>): string[] => {
  const others = typeof translated === 'object' && translated !== null ? Object.values(translated) : [];
  const texts = others.flatMap((each: unknown) => {
    const content = each as { readonly title?: unknown; readonly body?: unknown } | null;
    return typeof content === 'object' && content !== null ? [content.title, content.body] : [];
  });
  return [body, ...texts].filter((text) => typeof text === 'string').map((text) => htmlToText(text));
};

export const KINDS: Readonly<Record<RecordKind, KindFacts>> = {
  contacts: {
    columns: ['role', 'external_id', 'name', 'email', 'phone', 'created_at', 'updated_at'],
    words: ['name', 'email', 'external_id', 'phone', 'id'],
  },
  companies: {
    columns: [
      'company_id',
      'name',
      'plan',
      'size',
      'website',
      'industry',
      'monthly_spend',
      'session_count',
      'user_count',
      'created_at',
      'updated_at',
      'last_request_at',
    ],
    words: ['name', 'company_id', 'website', 'industry', 'plan', 'id'],
  },
  tickets: {
    columns: [
      'ticket_id',
      'ticket_type_id',
      'ticket_type_name',
      'category',
      'state',
      'ticket_state_id',
      'title',
      'description',
      'open',
      'admin_assignee_id',
      'team_assignee_id',
      'part_count',
      'created_at',
      'updated_at',
    ],
    words: ['title', 'description', 'ticket_id', 'id'],
  },
  articles: {
    columns: [
      'title',
      'description',
      'state',
      'url',
      'author_id',
      'default_locale',
      'created_at',
      'updated_at',
    ],
    words: ['title', 'description', 'id'],
    payloadTexts: bodiesOf,
  },
  internal_articles: {
    columns: ['title', 'owner_id', 'author_id', 'locale', 'created_at', 'updated_at'],
    words: ['title', 'id'],
    payloadTexts: bodiesOf,
  },
};
