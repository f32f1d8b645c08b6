import { TIME_FRAME_FORMS } from '../lib/time-frame.ts';
import { fold } from '../lib/text/fold.ts';
import type { QueryService } from '../query/query-service.ts';
import type { CallContext } from '../query/types.ts';
import { visible } from './present/untrusted.ts';
import { type ArgumentKind, promptNamed } from './prompts/prompts.ts';
import { TEMPLATES } from './resources/resources.ts';

/** As many as the protocol allows in one answer. */
const MOST = 100;
const VALUES = 1_000;
const RECENT = 100;

/** What `completion/complete` asks for. */
export interface CompletionAsked {
  readonly ref:
    | { readonly type: 'ref/prompt'; readonly name: string }
    | { readonly type: 'ref/resource'; readonly uri: string };
  readonly argument: { readonly name: string; readonly value: string };
  readonly context?: { readonly arguments?: Readonly<Record<string, string>> | undefined } | undefined;
}

/** Names, or else values, of a field of the workspace, the commonest first. */
const valuesOf = async (
  query: QueryService,
  field: string,
  call: CallContext,
): Promise<readonly string[]> => {
  const { fields } = await query.describeWorkspace({ field, limit: VALUES }, call);
  return (fields[0]?.values ?? [])
    .map(({ name, value }) => name ?? value)
    .filter((value) => value !== 'none');
};

const attributesOf = async (query: QueryService, call: CallContext): Promise<readonly string[]> => {
  const { fields } = await query.describeWorkspace({ limit: 1 }, call);
  return fields.flatMap(({ field, name }) =>
    field.startsWith('attr.') ? [name ?? field.slice('attr.'.length)] : [],
  );
};

const ofKind = async (
  query: QueryService,
  kind: ArgumentKind,
  call: CallContext,
): Promise<readonly string[]> => {
  switch (kind) {
    case 'team':
    case 'tag':
    case 'assignee':
      return valuesOf(query, kind, call);
    case 'attribute':
      return attributesOf(query, call);
    case 'timeframe':
      return TIME_FRAME_FORMS;
    default:
      return [];
  }
};

const recentIds = async (query: QueryService, workspace: string | undefined, call: CallContext) => {
  const { results } = await query.searchConversations({ sort: 'newest', limit: RECENT, workspace }, call);
  return results.map(({ id }) => id);
};

const candidates = async (
  query: QueryService,
  { argument, context, ref }: CompletionAsked,
  call: CallContext,
): Promise<readonly string[]> => {
  if (ref.type === 'ref/prompt') {
    const found = promptNamed(ref.name).arguments.find(({ name }) => name === argument.name);
    return found === undefined ? [] : ofKind(query, found.kind, call);
  }
  if (!TEMPLATES.some(({ uriTemplate }) => uriTemplate === ref.uri)) return [];
  if (argument.name === 'workspace') return query.listWorkspaces(call);
  return argument.name === 'id' ? recentIds(query, context?.arguments?.workspace, call) : [];
};

/** Values that begin with what was typed, then those in which a word does; capitals and accents do not matter. */
export const complete = async (query: QueryService, asked: CompletionAsked, call: CallContext) => {
  const wanted = fold(asked.argument.value.trim().slice(0, 200));
  const all = [...new Set(await candidates(query, asked, call))];
  const beginning = all.filter((value) => fold(value).startsWith(wanted));
  const within = all.filter((value) => !beginning.includes(value) && fold(value).includes(` ${wanted}`));
  const found = [...beginning, ...within];
  return {
    completion: {
      values: found.slice(0, MOST).map((value) => visible(value)),
      total: found.length,
      hasMore: found.length > MOST,
    },
  };
};
