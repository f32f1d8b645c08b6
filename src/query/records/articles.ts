import { AppError } from '../../errors/app-error.ts';
import { htmlToText } from '../../lib/text/html-to-text.ts';
import { decodeCursor, encodeCursor, fingerprint } from '../cursor.ts';
import type { QueryDeps } from '../deps.ts';
import { answerMetadata, mirrorFacts } from '../mirror-facts.ts';
import { readOptions } from '../read-options.ts';
import type { CallContext } from '../types.ts';
import { listAnswer } from './list-answer.ts';
import { ListFilters } from './list-filters.ts';
import { objectIdOf } from './object-id.ts';
import { fieldsOf } from './record-fields.ts';
import type { GetRecordInput, RecordAnswer, RecordsAnswer, SearchArticlesInput } from './record-types.ts';

/**
 * Articles of the help center, or internal ones, by words of title, description and text in all languages.
 * @throws AppError ARGUMENT_INVALID, TIMEFRAME_UNKNOWN, CURSOR_INVALID, WORKSPACE_*, STORE_*
 */
export const searchArticles = async (
  deps: QueryDeps,
  input: SearchArticlesInput,
  call?: CallContext,
): Promise<RecordsAnswer> => {
  const facts = await mirrorFacts(deps, input.workspace, call);
  const list = new ListFilters();
  const isInternal = input.internal === true;
  if (isInternal) list.applied.internal = true;
  if (input.state !== undefined && isInternal)
    throw new AppError('ARGUMENT_INVALID', 'state: internal articles have none; leave it out.');
  list.column('state', 'state', input.state);
  return listAnswer(
    deps,
    facts,
    input,
    { kind: isInternal ? 'internal_articles' : 'articles', ...list },
    call,
  );
};

/**
 * An article with its text, from the help center or an internal one.
 * @throws AppError ARGUMENT_INVALID, RECORD_NOT_FOUND, CURSOR_INVALID, WORKSPACE_*, STORE_*
 */
export const getArticle = async (
  deps: QueryDeps,
  input: GetRecordInput,
  call?: CallContext,
): Promise<RecordAnswer> => {
  const facts = await mirrorFacts(deps, input.workspace, call);
  const id = objectIdOf('article', input.id);
  const workspaceId = facts.workspace.id;
  const options = readOptions(call);
  const published = await deps.reader.read('getRecord', { workspaceId, kind: 'articles', id }, options);
  const found =
    published ??
    (await deps.reader.read('getRecord', { workspaceId, kind: 'internal_articles', id }, options));
  if (found === null)
    throw new AppError('RECORD_NOT_FOUND', `The mirror has no article "${id.slice(0, 60)}".`);
  const cursorKey = (await deps.reader.read('readSetting', { name: 'cursor_key' }, options)) ?? '';
  const boundTo = fingerprint(['article', workspaceId, found.row.id]);
  const start =
    input.cursor === undefined ? 0 : Number(decodeCursor(cursorKey, boundTo, input.cursor)[0] ?? 0);
  const { body } = JSON.parse(found.payload) as { body?: unknown };
  const content = typeof body === 'string' ? htmlToText(body) : '';
  return {
    record: { ...fieldsOf(found.row), internal: published === null },
    text: { content: content.slice(start), start, length: content.length },
    metadata: answerMetadata(facts, { query: null, filters: { id } }, []),
    cursorAt: (character) => encodeCursor(cursorKey, boundTo, [character]),
  };
};
