import { AppError } from '../../errors/app-error.ts';
import { analyzeConversations } from '../analyze-conversations.ts';
import type { QueryDeps } from '../deps.ts';
import { isoTime } from '../iso-time.ts';
import { answerMetadata, mirrorFacts } from '../mirror-facts.ts';
import { readOptions } from '../read-options.ts';
import { searchConversations } from '../search-conversations.ts';
import type { CallContext } from '../types.ts';
import { listAnswer } from './list-answer.ts';
import { ListFilters } from './list-filters.ts';
import { objectIdOf } from './object-id.ts';
import { attributesOf, fieldsOf } from './record-fields.ts';
import type {
  GetRecordInput,
  ListCompaniesInput,
  RecordAnswer,
  RecordFields,
  RecordsAnswer,
  RecordValue,
  SearchContactsInput,
} from './record-types.ts';

/** Conversations that are named with a contact or company. */
const NEWEST = 10;

const filtersOfContacts = async (
  deps: QueryDeps,
  workspaceId: string,
  input: SearchContactsInput,
  call?: CallContext,
): Promise<ListFilters> => {
  const list = new ListFilters();
  const options = readOptions(call);
  list.column('role', 'role', input.role?.toLowerCase());
  list.column('email', 'email_key', input.email?.trim().toLowerCase());
  list.column('external_id', 'external_id', input.external_id);
  list.column('phone', 'phone', input.phone);
  if (input.tag !== undefined) {
    const { tags } = await deps.reader.read('readVocabulary', { workspaceId }, options);
    const ids = list.idsOf('tag', input.tag, tags);
    list.member('tag', input.tag, { table: 'contact_tags', own: 'contact_id', other: 'tag_id', ids });
  }
  if (input.segment !== undefined) {
    const { segments } = await deps.reader.read('readVocabulary', { workspaceId }, options);
    const ids = list.idsOf('segment', input.segment, segments);
    list.member('segment', input.segment, {
      table: 'contact_segments',
      own: 'contact_id',
      other: 'segment_id',
      ids,
    });
  }
  if (input.company !== undefined) {
    const id = input.company;
    const found = await deps.reader.read('getRecord', { workspaceId, kind: 'companies', id }, options);
    const ids = [found?.row.id ?? id];
    if (found === null) list.notes.push(`There is no company "${id.slice(0, 60)}".`);
    list.member('company', id, { table: 'contact_companies', own: 'contact_id', other: 'company_id', ids });
  }
  return list;
};

/** Words that a name, a domain and a query ask for together. */
const wordsFor = ({ email_domain: domain, name, query }: SearchContactsInput): string | undefined => {
  const words = [
    query,
    name === undefined ? undefined : `"${name}"`,
    domain && `"@${domain.replace(/^@/, '')}"`,
  ];
  return words.filter((word) => word !== undefined && word.trim() !== '').join(' ') || undefined;
};

/**
 * Contacts by words of their names, addresses, phones and ids, and by filters.
 * @throws AppError ARGUMENT_INVALID, TIMEFRAME_UNKNOWN, CURSOR_INVALID, WORKSPACE_*, STORE_*
 */
export const searchContacts = async (
  deps: QueryDeps,
  input: SearchContactsInput,
  call?: CallContext,
): Promise<RecordsAnswer> => {
  const facts = await mirrorFacts(deps, input.workspace, call);
  const list = await filtersOfContacts(deps, facts.workspace.id, input, call);
  return listAnswer(deps, facts, { ...input, query: wordsFor(input) }, { kind: 'contacts', ...list }, call);
};

/**
 * Companies by words of their names, ids, sites, industries and plans, and by filters.
 * @throws AppError as {@link searchContacts}
 */
export const listCompanies = async (
  deps: QueryDeps,
  input: ListCompaniesInput,
  call?: CallContext,
): Promise<RecordsAnswer> => {
  const facts = await mirrorFacts(deps, input.workspace, call);
  const list = new ListFilters();
  list.column('name', 'name', input.name);
  list.column('company_id', 'company_id', input.company_id);
  list.column('plan', 'plan', input.plan);
  list.column('industry', 'industry', input.industry);
  return listAnswer(deps, facts, input, { kind: 'companies', ...list }, call);
};

/** The conversations of a contact or company in short: how many, how they went, the newest. */
const conversationsOf = async (
  deps: QueryDeps,
  workspace: string | undefined,
  filter: { readonly contact: string } | { readonly company: string },
  call?: CallContext,
): Promise<RecordFields> => {
  const counts = await analyzeConversations(
    deps,
    {
      ...filter,
      workspace,
      metrics: ['created', 'csat', 'rating_average', 'first_response_time'],
      group_by: ['state'],
    },
    call,
  );
  const newest = await searchConversations(
    deps,
    { ...filter, workspace, sort: 'newest', limit: NEWEST },
    call,
  );
  const oldest = await searchConversations(deps, { ...filter, workspace, sort: 'oldest', limit: 1 }, call);
  const { totals } = counts;
  const byState = Object.fromEntries(
    counts.results.map(({ group, metrics }) => [group[0]?.value ?? '', metrics.created?.value ?? 0]),
  );
  return {
    total: totals.created?.value ?? 0,
    by_state: byState,
    csat: totals.csat?.value ?? null,
    ratings: totals.csat?.n ?? 0,
    rating_average: totals.rating_average?.value ?? null,
    first_response_seconds_median: totals.first_response_time?.value ?? null,
    first_at: oldest.results[0]?.created_at ?? null,
    last_at: newest.results[0]?.created_at ?? null,
    newest: newest.results.map((hit) => ({
      id: hit.id,
      title: hit.title,
      state: hit.state,
      created_at: hit.created_at,
      tags: [...hit.tags],
    })),
  };
};

const SHOWN_OF_CONTACT = [
  'last_seen_at',
  'last_replied_at',
  'signed_up_at',
  'browser',
  'os',
  'language_override',
  'unsubscribed_from_emails',
  'has_hard_bounced',
  'location',
  'owner_id',
];
const SHOWN_OF_COMPANY = ['remote_created_at', 'app_id'];

/** Further fields of the payload that people ask for. */
const shown = (payload: string, names: readonly string[]): RecordFields => {
  const object = JSON.parse(payload) as Readonly<Record<string, RecordValue>>;
  return Object.fromEntries(
    names.flatMap((name): [string, RecordValue][] => {
      const value = object[name];
      if (value === null || value === undefined) return [];
      return [[name, name.endsWith('_at') && typeof value === 'number' ? isoTime(value) : value]];
    }),
  );
};

/** The text of a note, whose author is a teammate. */
const noteOf = (json: string): RecordValue => {
  const { author, body, created_at: at, id } = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const name = (author as { readonly name?: unknown } | null)?.name;
  return {
    id: String(id ?? ''),
    author: typeof name === 'string' ? name : null,
    created_at: typeof at === 'number' ? isoTime(at) : null,
    body: typeof body === 'string' ? body.replaceAll(/<[^>]*>/g, ' ').trim() : null,
  };
};

const named = (list: readonly { readonly id: string; readonly name: string | null }[]): RecordValue =>
  list.map(({ id, name }) => ({ id, name }));

/**
 * All that is known of a contact: fields, attributes, tags, segments, companies, notes, conversations.
 * @param input.id its id, also one that was merged into it; its external id; its address
 * @throws AppError ARGUMENT_INVALID, RECORD_NOT_FOUND, WORKSPACE_*, STORE_*
 */
export const getContact = async (
  deps: QueryDeps,
  input: GetRecordInput,
  call?: CallContext,
): Promise<RecordAnswer> => {
  const facts = await mirrorFacts(deps, input.workspace, call);
  const id = objectIdOf('contact', input.id);
  const workspaceId = facts.workspace.id;
  const found = await deps.reader.read('getRecord', { workspaceId, kind: 'contacts', id }, readOptions(call));
  if (found === null)
    throw new AppError('RECORD_NOT_FOUND', `The mirror has no contact "${id.slice(0, 60)}".`);
  return {
    record: {
      ...fieldsOf(found.row),
      ...shown(found.payload, SHOWN_OF_CONTACT),
      custom_attributes: attributesOf(found.attributes),
      tags: named(found.tags),
      segments: named(found.segments),
      companies: named(found.companies),
      notes: found.notes.map(noteOf),
      merged_ids: [...found.aliases],
      conversations: await conversationsOf(deps, input.workspace, { contact: found.row.id }, call),
    },
    metadata: answerMetadata(facts, { query: null, filters: { id } }, []),
    cursorAt: () => '',
  };
};

/**
 * All that is known of a company: fields, attributes, contacts, conversations.
 * @param input.id its id, the customer's own id of it, or its name
 * @throws AppError as {@link getContact}
 */
export const getCompany = async (
  deps: QueryDeps,
  input: GetRecordInput,
  call?: CallContext,
): Promise<RecordAnswer> => {
  const facts = await mirrorFacts(deps, input.workspace, call);
  const id = objectIdOf('company', input.id);
  const workspaceId = facts.workspace.id;
  const found = await deps.reader.read(
    'getRecord',
    { workspaceId, kind: 'companies', id },
    readOptions(call),
  );
  if (found === null)
    throw new AppError('RECORD_NOT_FOUND', `The mirror has no company "${id.slice(0, 60)}".`);
  return {
    record: {
      ...fieldsOf(found.row),
      ...shown(found.payload, SHOWN_OF_COMPANY),
      custom_attributes: attributesOf(found.attributes),
      contact_count: found.contactCount,
      contacts: found.contacts.map(({ email, id: contact, name }) => ({ id: contact, name, email })),
      conversations: await conversationsOf(deps, input.workspace, { company: found.row.id }, call),
    },
    metadata: answerMetadata(facts, { query: null, filters: { id } }, []),
    cursorAt: () => '',
  };
};
