import { AppError } from '../errors/app-error.ts';
import type { ListArticlesAnswer, ListArticlesInput } from './compat-types.ts';
import type { QueryDeps } from './deps.ts';
import { answerMetadata, mirrorFacts } from './mirror-facts.ts';
import { readOptions } from './read-options.ts';
import type { CallContext } from './types.ts';

const DEFAULT_PER_PAGE = 25;
const MAX_PER_PAGE = 150;
const MAX_PAGE = 1_000_000;

const checked = (name: string, value: number, most: number): number => {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new AppError('ARGUMENT_INVALID', `${name} must be a whole number from 1 to ${most}.`);
};

/**
 * A page of the help center's articles, the last changed first, numbered as Intercom numbers pages.
 * @throws AppError ARGUMENT_INVALID, WORKSPACE_*, STORE_*
 */
export const listArticles = async (
  deps: QueryDeps,
  input: ListArticlesInput,
  call?: CallContext,
): Promise<ListArticlesAnswer> => {
  const page = checked('page', input.page ?? 1, MAX_PAGE);
  const perPage = checked('per_page', input.per_page ?? DEFAULT_PER_PAGE, MAX_PER_PAGE);
  const facts = await mirrorFacts(deps, input.workspace, call);
  const { articles, total } = await deps.reader.read(
    'listArticles',
    { workspaceId: facts.workspace.id, offset: (page - 1) * perPage, limit: perPage },
    readOptions(call),
  );
  return {
    articles,
    total,
    page,
    perPage,
    metadata: answerMetadata(facts, { query: null, filters: {} }, []),
  };
};
