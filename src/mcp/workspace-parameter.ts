import { textParameter } from './parameters.ts';

const LONGEST_LIST = 130;

/** Every tool takes it; it is listed only where the mirror holds several workspaces. */
export const workspaceParameter = textParameter(100, 'must be the alias of a workspace');

const listOf = (aliases: readonly string[]): string => {
  const all = aliases.join(', ');
  return all.length <= LONGEST_LIST ? all : `${all.slice(0, all.lastIndexOf(', ', LONGEST_LIST))} and others`;
};

interface Listing {
  readonly inputSchema: Record<string, unknown>;
}

/** What `tools/list` shows of a tool where the mirror holds these workspaces. */
export const withWorkspaces = <L extends Listing>(listing: L, aliases: readonly string[]): L => {
  if (aliases.length < 2) return listing;
  const properties = (listing.inputSchema.properties ?? {}) as Record<string, unknown>;
  const workspace = { type: 'string', description: `Which workspace: ${listOf(aliases)}.` };
  return {
    ...listing,
    inputSchema: { ...listing.inputSchema, properties: { ...properties, workspace } },
  };
};
