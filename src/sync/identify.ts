import { AppError } from '../errors/app-error.ts';
import type { IntercomClient } from '../intercom/client.ts';
import { asFilledText, asId, asObject } from '../lib/read-json.ts';

export interface WorkspaceIdentity {
  readonly id: string;
  readonly name: string | null;
  readonly region: string | null;
  readonly time_zone: string;
}

/** What Intercom says of itself now. */
export interface ServerFacts {
  /** Its clock, Unix seconds. */
  readonly time: number;
  /** The workspace's zone: days of contact searches are counted in it (API-FACTS 4.3). */
  readonly timeZone: string;
}

const hasApp = (json: unknown): json is Record<string, unknown> =>
  asId(asObject(asObject(json).app).id_code) !== null;

/**
 * Asks whose token it is: GET /me (API-FACTS 1.6). Nothing is written before this is known. `serverTime`: Unix seconds.
 * @throws AppError INTERCOM_*
 */
export const identifyWorkspace = async (
  client: IntercomClient,
  signal?: AbortSignal,
): Promise<{ readonly workspace: WorkspaceIdentity; readonly serverTime: number }> => {
  const { data, serverTime } = await client.request('GET', '/me', {
    expect: hasApp,
    priority: 'high',
    ...(signal ? { signal } : {}),
  });
  const app = asObject(data.app);
  const workspace = {
    id: asId(app.id_code) ?? '',
    name: asFilledText(app.name),
    region: asFilledText(app.region),
    time_zone: asFilledText(app.timezone) ?? 'UTC',
  };
  return { workspace, serverTime };
};

/** So long an answer is good for another scan that begins: an earlier time than the true one loses nothing. */
const GOOD_FOR_MS = 1_000;

/** See `RunContext.askServer`. */
export const createServerQuestion = (
  client: IntercomClient,
  workspaceId: string,
  signal: AbortSignal,
): (() => Promise<ServerFacts>) => {
  let asked: { readonly at: number; readonly facts: Promise<ServerFacts> } | undefined;
  const ask = async (): Promise<ServerFacts> => {
    const { serverTime, workspace } = await identifyWorkspace(client, signal);
    if (workspace.id !== workspaceId) throw new AppError('SYNC_WORKSPACE_MISMATCH');
    return { time: serverTime, timeZone: workspace.time_zone };
  };
  return () => {
    if (asked === undefined || performance.now() - asked.at > GOOD_FOR_MS)
      asked = { at: performance.now(), facts: ask() };
    return asked.facts;
  };
};
