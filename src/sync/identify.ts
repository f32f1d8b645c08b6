import type { IntercomClient } from '../intercom/client.ts';
import { asFilledText, asId, asObject } from '../lib/read-json.ts';

export interface WorkspaceIdentity {
  readonly id: string;
  readonly name: string | null;
  readonly region: string | null;
  readonly time_zone: string;
}

const hasApp = (json: unknown): json is Record<string, unknown> =>
  asId(asObject(asObject(json).app).id_code) !== null;

/**
 * Asks whose token it is: GET /me (API-FACTS 1.6). Nothing is written before this is known.
 * @throws AppError INTERCOM_*
 */
export const identifyWorkspace = async (
  client: IntercomClient,
  signal?: AbortSignal,
): Promise<WorkspaceIdentity> => {
  const { data } = await client.request('GET', '/me', {
    expect: hasApp,
    priority: 'high',
    ...(signal ? { signal } : {}),
  });
  const app = asObject(data.app);
  return {
    id: asId(app.id_code) ?? '',
    name: asFilledText(app.name),
    region: asFilledText(app.region),
    time_zone: asFilledText(app.timezone) ?? 'UTC',
  };
};
