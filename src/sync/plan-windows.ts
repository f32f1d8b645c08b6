export interface Span {
  /** Inclusive, Unix seconds. */
  readonly lower: number;
  readonly upper: number;
}

export interface WindowRequest extends Span {
  /** Objects in the span. */
  readonly total: number;
  readonly windows: number;
  /** Objects in an inclusive span; one request each. */
  readonly count: (span: Span) => Promise<number>;
}

/** A boundary is good enough within this share of a window. */
const TOLERANCE = 0.25;
/** Requests spent on one boundary at most. */
const MAX_STEPS = 5;

/** The time up to which about `target` objects lie, by interpolation between two known counts. */
const findBoundary = async (request: WindowRequest, target: number): Promise<number> => {
  let low = { time: request.lower - 1, count: 0 };
  let high = { time: request.upper, count: request.total };
  const tolerance = Math.max(1, (TOLERANCE * request.total) / request.windows);
  let best = high.time;
  for (let step = 0; step < MAX_STEPS && high.time - low.time > 1 && high.count > low.count; step += 1) {
    const share = (target - low.count) / (high.count - low.count);
    const guess = Math.round(low.time + share * (high.time - low.time));
    const time = Math.min(high.time - 1, Math.max(low.time + 1, guess));
    const count = await request.count({ lower: request.lower, upper: time });
    best = time;
    if (Math.abs(count - target) <= tolerance) break;
    if (count < target) low = { time, count };
    else high = { time, count };
  }
  return best;
};

/**
 * Cuts a span into windows of about equal count, so that several cursor chains can list it side by side: one chain
 * alone is serial and slower than all the fetches behind it (API-FACTS 12.4). Windows touch and never overlap.
 */
export const planWindows = async (request: WindowRequest): Promise<readonly Span[]> => {
  if (request.windows <= 1 || request.total === 0) return [{ lower: request.lower, upper: request.upper }];
  const targets = Array.from(
    { length: request.windows - 1 },
    (_, index) => ((index + 1) * request.total) / request.windows,
  );
  const found = await Promise.all(targets.map((target) => findBoundary(request, target)));
  const boundaries = [...new Set(found)]
    .filter((time) => time >= request.lower && time < request.upper)
    .sort((a, b) => a - b);
  const spans: Span[] = [];
  let lower = request.lower;
  for (const boundary of boundaries) {
    spans.push({ lower, upper: boundary });
    lower = boundary + 1;
  }
  spans.push({ lower, upper: request.upper });
  return spans;
};

/** Calendar months (UTC) from the one that `oldest` falls on; the first one reaches back to the beginning of time. */
export const monthWindows = (oldest: number | undefined, upper: number): readonly Span[] => {
  const first = new Date(Math.min(oldest ?? upper, upper) * 1000);
  const starts = [0];
  for (let month = 1; ; month += 1) {
    const start = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1) / 1000;
    if (start > upper) break;
    starts.push(start);
  }
  return starts.map((lower, index) => ({ lower, upper: (starts[index + 1] ?? upper + 1) - 1 }));
};
