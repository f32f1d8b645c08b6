/** Steers a sandbox that runs in another process, by its `/__sandbox/` addresses. */
export interface RequestCounts {
  readonly total: number;
  readonly rateLimited: number;
  /** By method and path, ids as `{id}`. */
  readonly byEndpoint: Readonly<Record<string, number>>;
}

const send = async <T>(url: string, body?: unknown): Promise<T> => {
  const answer = await fetch(
    url,
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) },
  );
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
};

export const requestCounts = (sandboxUrl: string): Promise<RequestCounts> =>
  send<RequestCounts>(`${sandboxUrl}/__sandbox/requests`);

/** The latest requests, the oldest first. */
export const requestLog = (
  sandboxUrl: string,
): Promise<readonly { readonly count: number; readonly method: string; readonly path: string }[]> =>
  send(`${sandboxUrl}/__sandbox/log`);

/** Changes the simulated workspace (`Mutations` of the sandbox). @returns what the operation returns */
export const mutate = async (sandboxUrl: string, op: string, ...args: unknown[]): Promise<unknown> =>
  (await send<{ readonly result: unknown }>(`${sandboxUrl}/__sandbox/mutate`, { op, args })).result;

/** Lets requests fail from now on; `{ kind: 'none' }` ends that. */
export const setFaults = (sandboxUrl: string, plan: Readonly<Record<string, unknown>>): Promise<unknown> =>
  send(`${sandboxUrl}/__sandbox/faults`, plan);

/** Changes settings of the sandbox (`latencyMs`, `rateLimitPerMinute`, …). */
export const changeSettings = (
  sandboxUrl: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<unknown> => send(`${sandboxUrl}/__sandbox/settings`, settings);

/** An object of the simulated API, as any client gets it. */
export const apiGet = async (sandboxUrl: string, path: string): Promise<Record<string, unknown>> => {
  const answer = await fetch(sandboxUrl + path, {
    headers: { Authorization: 'Bearer sandbox', Accept: 'application/json', 'Intercom-Version': '2.16' },
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as Record<string, unknown>;
};

/** Changes how the simulated API behaves from now on (`Settings` of the sandbox). */
export const setBehaviour = (
  sandboxUrl: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<unknown> => send(`${sandboxUrl}/__sandbox/settings`, settings);

interface ObjectPage {
  readonly next: number | null;
  readonly objects: readonly Readonly<Record<string, unknown>>[];
}

/** All that the simulated workspace holds of a kind, whole. */
export const heldObjects = async (
  sandboxUrl: string,
  kind: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const found: Readonly<Record<string, unknown>>[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const page: ObjectPage = await send(`${sandboxUrl}/__sandbox/objects?kind=${kind}&from=${from}`);
    found.push(...page.objects);
    from = page.next;
  }
  return found;
};
