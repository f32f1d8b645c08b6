import { ResourceNotFoundError } from '@modelcontextprotocol/server';
import { isAppError } from '../../errors/app-error.ts';
import { METRIC_DEFINITIONS } from '../../query/metric-definitions.ts';
import type { QueryService } from '../../query/query-service.ts';
import type { CallContext } from '../../query/types.ts';
import { presentConversation } from '../present/present-conversation.ts';
import { presentMirror } from '../present/present-mirror.ts';
import { presentWorkspace } from '../present/present-workspace.ts';

/** Tokens of a resource at most: whoever attaches one reads it whole. */
const MOST_TOKENS = 8_000;
const PARTS = 1_000;
const VALUES = 50;

/** `intercom://{workspace}/…`: an alias, or Intercom's id of the workspace. */
const ADDRESS =
  /^intercom:\/\/([A-Za-z0-9_.-]{1,100})\/(status|vocabulary|metrics|conversation\/([A-Za-z0-9_%:-]{1,100}))$/;

interface Standing {
  readonly path: 'status' | 'vocabulary' | 'metrics';
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** What each workspace has, in the order in which it is listed. */
const STANDING: readonly Standing[] = [
  {
    path: 'status',
    name: 'status',
    title: 'State of the mirror',
    description: 'What is mirrored, how fresh and how complete it is.',
  },
  {
    path: 'vocabulary',
    name: 'vocabulary',
    title: 'Vocabulary of the workspace',
    description: 'Tags, teams, teammates, channels and custom attributes with their values and counts.',
  },
  {
    path: 'metrics',
    name: 'metrics',
    title: 'Definitions of metrics',
    description: 'What each metric of analyze_conversations means.',
  },
];

/** The standing resources of every workspace. */
export const listResources = async (query: QueryService, call: CallContext) => {
  const aliases = await query.listWorkspaces(call);
  return aliases.flatMap((alias) =>
    STANDING.map(({ path, ...others }) => ({
      uri: `intercom://${alias}/${path}`,
      ...others,
      mimeType: 'text/plain',
    })),
  );
};

export const TEMPLATES = [
  {
    uriTemplate: 'intercom://{workspace}/conversation/{id}',
    name: 'conversation',
    title: 'Conversation',
    description: 'A conversation with its transcript.',
    mimeType: 'text/plain',
  },
] as const;

const metricsText = (): string =>
  METRIC_DEFINITIONS.map(
    ({ definition, metric, statistic, unit }) => `${metric} (${unit}, ${statistic}): ${definition}`,
  ).join('\n');

/** Objects that are not there make the address one of nothing. */
const GONE: ReadonlySet<string> = new Set([
  'CONVERSATION_NOT_FOUND',
  'WORKSPACE_NOT_FOUND',
  'WORKSPACE_UNKNOWN',
  'ARGUMENT_INVALID',
]);

const textOf = async (query: QueryService, uri: string, call: CallContext): Promise<string> => {
  const [, workspace = '', path = '', id] = ADDRESS.exec(uri) ?? [];
  if (path === 'status') return presentMirror(await query.getSyncStatus({ workspace }, call)).text;
  if (path === 'vocabulary') {
    const described = await query.describeWorkspace({ workspace, limit: VALUES }, call);
    return presentWorkspace(described, MOST_TOKENS).text;
  }
  if (path === 'metrics') {
    const known = await query.listWorkspaces(call);
    if (!known.includes(workspace)) throw new ResourceNotFoundError(uri);
    return metricsText();
  }
  if (id === undefined) throw new ResourceNotFoundError(uri);
  const asked = { workspace, id: decodeURIComponent(id), limit: PARTS };
  return presentConversation(await query.getConversation(asked, call), MOST_TOKENS).text;
};

/** The text of a resource. @throws ResourceNotFoundError where nothing is at the address */
export const readResource = async (query: QueryService, uri: string, call: CallContext) => {
  try {
    return { contents: [{ uri, mimeType: 'text/plain', text: await textOf(query, uri, call) }] };
  } catch (error) {
    if (error instanceof URIError || (isAppError(error) && GONE.has(error.code)))
      throw new ResourceNotFoundError(uri.slice(0, 300));
    throw error;
  }
};
