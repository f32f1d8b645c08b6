import type {
  FieldValue,
  AnswerMetadata,
  AnswerPagination,
  AnswerSummary,
  WorkspaceInput,
} from '../types.ts';

/** What lists of contacts, companies, tickets and articles have in common. */
export interface ListInput extends WorkspaceInput {
  /** Words that must all occur, as they are or within others. */
  readonly query?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  /** Of created_at. */
  readonly timeframe?: string | undefined;
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
  readonly time_zone?: string | undefined;
  /** Custom attributes by name. */
  readonly attributes?: Readonly<Record<string, FieldValue>> | undefined;
  /** 1 to 1,000, default 20. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface SearchContactsInput extends ListInput {
  readonly role?: string | undefined;
  readonly email?: string | undefined;
  readonly email_domain?: string | undefined;
  readonly name?: string | undefined;
  readonly phone?: string | undefined;
  readonly external_id?: string | undefined;
  /** Id, id of the customer’s own, or name. */
  readonly company?: string | undefined;
  readonly tag?: string | undefined;
  readonly segment?: string | undefined;
}

export interface ListCompaniesInput extends ListInput {
  readonly name?: string | undefined;
  readonly company_id?: string | undefined;
  readonly plan?: string | undefined;
  readonly industry?: string | undefined;
}

export interface SearchTicketsInput extends ListInput {
  /** submitted, in_progress, waiting_on_customer, resolved. */
  readonly state?: string | undefined;
  /** Name or id of a ticket type. */
  readonly type?: string | undefined;
  readonly category?: string | undefined;
  readonly open?: boolean | undefined;
  readonly contact?: string | undefined;
  readonly team?: string | undefined;
  readonly assignee?: string | undefined;
}

export interface SearchArticlesInput extends ListInput {
  /** published or draft; internal articles have none. */
  readonly state?: string | undefined;
  /** Internal articles in place of those of the help center. */
  readonly internal?: boolean | undefined;
}

export interface GetRecordInput extends WorkspaceInput {
  readonly id: string;
  /** Parts or characters behind this place. */
  readonly cursor?: string | undefined;
}

/** A value of an answer: plain JSON. Texts are the customers' and teammates': untrusted. */
export type RecordValue =
  | string
  | number
  | boolean
  | null
  | readonly RecordValue[]
  | { readonly [name: string]: RecordValue };
export type RecordFields = Readonly<Record<string, RecordValue>>;

/** Rows under Intercom's names; times in ISO 8601 UTC. */
export interface RecordsAnswer {
  readonly summary: AnswerSummary;
  readonly results: readonly RecordFields[];
  readonly pagination: AnswerPagination;
  readonly metadata: AnswerMetadata;
  cursorAfter(index: number): string;
}

/** One object with what hangs on it, and a long text that goes on behind `next_cursor`, where it has one. */
export interface RecordAnswer {
  readonly record: RecordFields;
  readonly metadata: AnswerMetadata;
  /** The text of an article; `cursorAt` continues behind so many of its characters. */
  readonly text?: { readonly content: string; readonly start: number; readonly length: number };
  cursorAt(character: number): string;
}
