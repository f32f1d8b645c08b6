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
/** Times counted at once, for each window: where objects are spread evenly, no other round of requests is needed. */
const GRID = 3;
/** Requests spent on one boundary at most. */
const MAX_STEPS = 5;

/** So many objects lie from the beginning up to this time. */
interface Point {
  readonly time: number;
  readonly count: number;
}

/** Counts at times of equal distance, in one round of requests; begins with none and ends with all. */
const countGrid = async (request: WindowRequest): Promise<readonly Point[]> => {
  const { count, lower, total, upper, windows } = request;
  const steps = GRID * windows;
  const times = Array.from({ length: steps - 1 }, (_, index) =>
    Math.round(lower + ((index + 1) * (upper - lower)) / steps),
  );
  const inside = [...new Set(times)].filter((time) => time >= lower && time < upper);
  const points = await Promise.all(
    inside.map(async (time): Promise<Point> => ({ time, count: await count({ lower, upper: time }) })),
  );
  return [{ time: lower - 1, count: 0 }, ...points, { time: upper, count: total }];
};

/** The time up to which about `target` objects lie, by interpolation between known counts. */
const findBoundary = async (
  request: WindowRequest,
  grid: readonly Point[],
  target: number,
): Promise<number> => {
  let low = grid.findLast(({ count }) => count < target) ?? { time: request.lower - 1, count: 0 };
  let high = grid.find(({ count }) => count >= target) ?? { time: request.upper, count: request.total };
  const tolerance = Math.max(1, (TOLERANCE * request.total) / request.windows);
  let best = high.time;
  for (let step = 0; step < MAX_STEPS && high.time - low.time > 1 && high.count > low.count; step += 1) {
    const share = (target - low.count) / (high.count - low.count);
    const guess = Math.round(low.time + share * (high.time - low.time));
    const time = Math.min(high.time - 1, Math.max(low.time + 1, guess));
    // Wherever it lies between the two, it is near enough.
    if (high.count - low.count <= 2 * tolerance) return time;
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
  const grid = await countGrid(request);
  const found = await Promise.all(targets.map((target) => findBoundary(request, grid, target)));
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
