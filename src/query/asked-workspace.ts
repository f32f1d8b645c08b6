import type { BoundWorkspace } from '../data/reads/list-workspaces.ts';
import { AppError } from '../errors/app-error.ts';
import type { QueryDeps } from './deps.ts';
import { readOptions } from './read-options.ts';
import type { CallContext } from './types.ts';

/** The workspace that a question is about. */
export interface AskedWorkspace extends BoundWorkspace {
  /** The alias that it is called by in the answer. */
  readonly calledBy: string;
  /** The mirror holds others beside it, so that an answer must say which one it is about. */
  readonly several: boolean;
}

/** The workspaces of the mirror, in the order of their aliases. Reading needs no token: what is configured does not count. */
export const workspacesOf = (deps: QueryDeps, call?: CallContext): Promise<readonly BoundWorkspace[]> =>
  deps.reader.read('listWorkspaces', {}, readOptions(call));

const MOST_SHOWN = 20;

/** `default, eu` */
export const aliasList = (bound: readonly BoundWorkspace[]): string => {
  const all = bound.flatMap(({ aliases }) => aliases);
  const shown = all.slice(0, MOST_SHOWN).join(', ');
  return all.length > MOST_SHOWN ? `${shown} and ${all.length - MOST_SHOWN} more` : shown;
};

export const asAsked = (
  workspace: BoundWorkspace,
  bound: readonly BoundWorkspace[],
  calledBy: string = workspace.aliases[0],
): AskedWorkspace => ({ ...workspace, calledBy, several: bound.length > 1 });

/** By alias, whatever its case, else by Intercom's id. */
const named = (deps: QueryDeps, bound: readonly BoundWorkspace[], text: string): AskedWorkspace => {
  const alias = text.toLowerCase();
  const byAlias = bound.find(({ aliases }) => aliases.includes(alias));
  if (byAlias) return asAsked(byAlias, bound, alias);
  const byId = bound.find(({ id }) => id === text);
  if (byId) return asAsked(byId, bound);
  if (deps.syncing?.aliases.includes(alias))
    throw new AppError('WORKSPACE_UNKNOWN', `Nothing of workspace "${alias}" has been mirrored yet.`);
  throw new AppError(
    'WORKSPACE_NOT_FOUND',
    `The mirror has no workspace "${text.slice(0, 60)}"; it has ${aliasList(bound)}.`,
  );
};

/**
 * The workspace that is named by an alias or by its id in Intercom; the only one where none is named.
 * @throws AppError WORKSPACE_UNKNOWN before the first sync, WORKSPACE_NOT_FOUND, WORKSPACE_REQUIRED; they list the aliases
 */
export const askedWorkspace = async (
  deps: QueryDeps,
  asked: string | undefined,
  call?: CallContext,
): Promise<AskedWorkspace> => {
  const bound = await workspacesOf(deps, call);
  const [first, second] = bound;
  if (first === undefined) throw new AppError('WORKSPACE_UNKNOWN');
  const text = asked?.trim() ?? '';
  if (text !== '') return named(deps, bound, text);
  if (second === undefined) return asAsked(first, bound);
  throw new AppError(
    'WORKSPACE_REQUIRED',
    `The mirror holds several workspaces; name one as workspace: ${aliasList(bound)}.`,
  );
};
