import { AppError } from '../../errors/app-error.ts';
import { authorRole } from '../../lib/author-role.ts';
import { htmlToText } from '../../lib/text/html-to-text.ts';
import type { QueryDeps } from '../deps.ts';
import { isoTime } from '../iso-time.ts';
import { answerMetadata, mirrorFacts } from '../mirror-facts.ts';
import { readOptions } from '../read-options.ts';
import type { CallContext } from '../types.ts';
import { listAnswer } from './list-answer.ts';
import { ListFilters } from './list-filters.ts';
import { objectIdOf } from './object-id.ts';
import { attributesOf, fieldsOf } from './record-fields.ts';
import type {
  GetRecordInput,
  RecordAnswer,
  RecordFields,
  RecordsAnswer,
  SearchTicketsInput,
} from './record-types.ts';

/** A ticket type is named by its id or, as it stands on the tickets, by its name. */
const typeFilter = (list: ListFilters, type: string | undefined): void => {
  if (type === undefined) return;
  list.column('type', /^\d+$/.test(type) ? 'ticket_type_id' : 'ticket_type_name', type);
};

/**
 * Tickets by words of title and description, and by filters.
 * @throws AppError ARGUMENT_INVALID, TIMEFRAME_UNKNOWN, CURSOR_INVALID, WORKSPACE_*, STORE_*
 */
export const searchTickets = async (
  deps: QueryDeps,
  input: SearchTicketsInput,
  call?: CallContext,
): Promise<RecordsAnswer> => {
  const facts = await mirrorFacts(deps, input.workspace, call);
  const workspaceId = facts.workspace.id;
  const options = readOptions(call);
  const list = new ListFilters();
  list.column('state', 'state', input.state);
  list.column('category', 'category', input.category);
  typeFilter(list, input.type);
  if (input.open !== undefined) {
    list.column('open', 'open', input.open ? 1 : 0);
    list.applied.open = input.open;
  }
  const { admins, teams } = await deps.reader.read('readVocabulary', { workspaceId }, options);
  for (const [name, column, known] of [
    ['team', 'team_assignee_id', teams],
    ['assignee', 'admin_assignee_id', admins],
  ] as const) {
    const wanted = input[name];
    if (wanted === undefined) continue;
    list.filters.push({ by: 'column', column, values: list.idsOf(name, wanted, known) });
    list.applied[name] = wanted;
  }
  if (input.contact !== undefined) {
    const id = input.contact;
    const found = await deps.reader.read('getRecord', { workspaceId, kind: 'contacts', id }, options);
    const ids = [found?.row.id ?? id, ...(found?.aliases ?? [])];
    list.member('contact', id, { table: 'ticket_contacts', own: 'ticket_id', other: 'contact_id', ids });
  }
  return listAnswer(deps, facts, input, { kind: 'tickets', ...list }, call);
};

interface TicketPart {
  readonly id?: unknown;
  readonly part_type?: unknown;
  readonly body?: unknown;
  readonly created_at?: unknown;
  readonly author?: { readonly type?: unknown; readonly name?: unknown } | null;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** The messages of a ticket, without events that carry no text. */
const messagesOf = (payload: string): readonly RecordFields[] => {
  const { ticket_parts: list } = JSON.parse(payload) as { ticket_parts?: { ticket_parts?: unknown } | null };
  const parts = Array.isArray(list?.ticket_parts) ? (list.ticket_parts as readonly TicketPart[]) : [];
  return parts.flatMap((part): RecordFields[] => {
    const body = text(part.body);
    if (body === null) return [];
    return [
      {
        id: String(part.id ?? ''),
        author_role: authorRole(text(part.author?.type), text(part.part_type) ?? 'comment'),
        author_name: text(part.author?.name),
        created_at: typeof part.created_at === 'number' ? isoTime(part.created_at) : null,
        text: htmlToText(body),
      },
    ];
  });
};

/**
 * A ticket with its attributes, contacts and messages.
 * @param input.id its id, or the number that the Inbox shows
 * @throws AppError ARGUMENT_INVALID, RECORD_NOT_FOUND, WORKSPACE_*, STORE_*
 */
export const getTicket = async (
  deps: QueryDeps,
  input: GetRecordInput,
  call?: CallContext,
): Promise<RecordAnswer> => {
  const facts = await mirrorFacts(deps, input.workspace, call);
  const id = objectIdOf('ticket', input.id);
  const workspaceId = facts.workspace.id;
  const options = readOptions(call);
  const found = await deps.reader.read('getRecord', { workspaceId, kind: 'tickets', id }, options);
  if (found === null)
    throw new AppError('RECORD_NOT_FOUND', `The mirror has no ticket "${id.slice(0, 60)}".`);
  const { admins, teams } = await deps.reader.read('readVocabulary', { workspaceId }, options);
  const nameIn = (list: readonly { readonly id: string; readonly name: string | null }[], wanted: unknown) =>
    list.find((each) => each.id === String(wanted))?.name ?? null;
  return {
    record: {
      ...fieldsOf(found.row),
      assignee_name: nameIn(admins, found.row.admin_assignee_id),
      team_name: nameIn(teams, found.row.team_assignee_id),
      ticket_attributes: attributesOf(found.attributes),
      contacts: found.contacts.map(({ email, id: contact, name }) => ({ id: contact, name, email })),
      messages: messagesOf(found.payload),
    },
    metadata: answerMetadata(facts, { query: null, filters: { id } }, []),
    cursorAt: () => '',
  };
};
