import type { ServerResponse } from 'node:http';
import { ApiError } from './errors.ts';
import { type FaultPlan, planFromJson } from './faults.ts';
import type { LiveWorld, Mutations } from './live-world.ts';
import type { AccessEntry, RequestCounts } from './start-sandbox.ts';
import type { JsonObject } from './world.ts';

interface Controlled {
  readonly live: LiveWorld;
  readonly log: readonly AccessEntry[];
  readonly counts: () => RequestCounts;
  readonly setFaults: (plan: FaultPlan | undefined) => void;
}

/** `{op, args}` → one of the mutations. */
const mutate = (mutations: Mutations, body: JsonObject): unknown => {
  const op = String(body.op);
  if (!Object.hasOwn(mutations, op))
    throw new ApiError(400, 'parameter_invalid', `There is no operation '${op}'`);
  const run = mutations[op as keyof Mutations] as (...args: unknown[]) => unknown;
  return run(...(Array.isArray(body.args) ? body.args : []));
};

/** Steers the sandbox from another process: `/__sandbox/requests|log|mutate|faults`. Loopback only, no token. */
export const control = (
  response: ServerResponse,
  path: string,
  body: JsonObject,
  { live, log, counts, setFaults }: Controlled,
): void => {
  const reply = (status: number, value: unknown): void => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(value ?? null));
  };
  try {
    if (path === '/__sandbox/requests') reply(200, counts());
    else if (path === '/__sandbox/log') reply(200, log);
    else if (path === '/__sandbox/mutate') reply(200, { result: mutate(live.mutate, body) ?? null });
    else if (path === '/__sandbox/faults') {
      setFaults(planFromJson(body));
      reply(200, { ok: true });
    } else reply(404, { error: 'not found' });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    reply(error.status, { error: error.message });
  }
};
