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
/** Points of the first round for each window: with two, a place between them is near enough unless times crowd there. */
const POINTS_PER_WINDOW = 2;
/** Requests spent on one boundary behind the first round, at most. */
const MAX_STEPS = 4;

/** How many objects lie up to a time. */
interface Known {
  readonly time: number;
  readonly count: number;
}

/** What is known after one round: counts at times of equal distance, in order, with both ends. */
const countEvenly = async (request: WindowRequest): Promise<readonly Known[]> => {
  const { count, lower, total, upper, windows } = request;
  const points = windows * POINTS_PER_WINDOW;
  const step = (upper - lower) / points;
  const times = Array.from({ length: points - 1 }, (_, index) => Math.round(lower + (index + 1) * step));
  const inner = [...new Set(times)].filter((time) => time >= lower && time < upper);
  const counted = await Promise.all(
    inner.map(async (time) => ({ time, count: await count({ lower, upper: time }) })),
  );
  return [{ time: lower - 1, count: 0 }, ...counted, { time: upper, count: total }];
};

/** The time up to which about `target` objects lie, by interpolation between what is known before and behind it. */
const findBoundary = async (
  request: WindowRequest,
  known: readonly Known[],
  target: number,
): Promise<number> => {
  const behind = Math.max(
    1,
    known.findIndex(({ count }) => count >= target),
  );
  let [low, high] = [known[behind - 1], known[behind]] as [Known, Known];
  const tolerance = Math.max(1, (TOLERANCE * request.total) / request.windows);
  for (let step = 0; high.time - low.time > 1; step += 1) {
    const share = high.count > low.count ? (target - low.count) / (high.count - low.count) : 1;
    const guess = Math.round(low.time + share * (high.time - low.time));
    const time = Math.min(high.time - 1, Math.max(low.time + 1, guess));
    // Nowhere between the two is it further off than a window, and where times do not crowd far less.
    if (high.count - low.count <= request.total / request.windows || step === MAX_STEPS) return time;
    const count = await request.count({ lower: request.lower, upper: time });
    if (Math.abs(count - target) <= tolerance) return time;
    if (count < target) low = { time, count };
    else high = { time, count };
  }
  return high.time;
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
  const known = await countEvenly(request);
  const found = await Promise.all(targets.map((target) => findBoundary(request, known, target)));
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
