/** One request, as `/__sandbox/log` shows it. */
export interface AccessEntry {
  /** Number of the request since the start, from 1. */
  readonly count: number;
  /** When it came, Unix ms on the sandbox's clock. */
  readonly time: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** The token is blotted out of Authorization. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Of the answer; what a fault made of it is in `fault`. */
  readonly status: number;
  /** Kind of the fault that spoiled the answer; null for none. */
  readonly fault: string | null;
  /** On the wire. */
  readonly bytes: number;
  readonly durationMs: number;
  /** Requests in progress when it came, itself included. */
  readonly inFlight: number;
}

export interface RequestCounts {
  readonly total: number;
  readonly rateLimited: number;
  /** By method and path, ids replaced: `GET /conversations/{id}`. */
  readonly byEndpoint: Readonly<Record<string, number>>;
}

/** The log keeps the latest; the counts keep everything. */
const KEPT_ENTRIES = 20_000;

export const endpointOf = (method: string, path: string): string =>
  `${method} ${path.replace(/\/(?:\d{3,}|[0-9a-f]{24})(?=\/|$)/, '/{id}')}`;

/** Headers fit to be shown. */
export const shownHeaders = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> => {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) shown[name] = String(value);
  if (shown.authorization !== undefined) shown.authorization = shown.authorization.replace(/\s.*$/, ' …');
  return shown;
};

/** Counts every request from its beginning, and keeps the latest when they end. */
export const createAccessLog = (onEntry: (entry: AccessEntry) => void = () => undefined) => {
  const entries: AccessEntry[] = [];
  const byEndpoint = new Map<string, number>();
  let total = 0;
  let rateLimited = 0;
  let inFlight = 0;
  return {
    /** @returns the number of the request, of its endpoint's, and of those in progress */
    begin(method: string, path: string) {
      const endpoint = endpointOf(method, path);
      total += 1;
      inFlight += 1;
      const countForPath = (byEndpoint.get(endpoint) ?? 0) + 1;
      byEndpoint.set(endpoint, countForPath);
      return { count: total, countForPath, inFlight };
    },
    end(entry: AccessEntry): void {
      inFlight -= 1;
      if (entry.status === 429) rateLimited += 1;
      entries.push(entry);
      if (entries.length > KEPT_ENTRIES) entries.splice(0, KEPT_ENTRIES / 2);
      onEntry(entry);
    },
    entries: (): readonly AccessEntry[] => entries,
    counts: (): RequestCounts => ({ total, rateLimited, byEndpoint: Object.fromEntries(byEndpoint) }),
  };
};

export type AccessLog = ReturnType<typeof createAccessLog>;
