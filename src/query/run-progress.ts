import { asInteger, asObject, asText } from '../lib/read-json.ts';

/** One of the two speeds of a sync. */
export interface StageProgress {
  readonly done: number;
  /** Null while it is not known. */
  readonly total: number | null;
  /** Time left, ms; null while it cannot be told. */
  readonly eta_ms: number | null;
}

/** Where a sync stands that runs, in whatever process. */
export interface RunProgress {
  readonly phase: string;
  /** Conversations listed: with them, every metric is there. */
  readonly listing: StageProgress;
  /** Conversations whose thread is there, too. */
  readonly threads: StageProgress;
  readonly contacts: number;
  readonly requests: number;
  readonly elapsed_ms: number;
}

const stage = (value: unknown): StageProgress => {
  const { done, total, etaMs } = asObject(value);
  return { done: asInteger(done) ?? 0, total: asInteger(total), eta_ms: asInteger(etaMs) };
};

/** What the process of a run noted last; null where it noted nothing, or nothing that this version knows. */
export const readProgress = (json: string | null): RunProgress | null => {
  if (json === null) return null;
  let noted: Record<string, unknown>;
  try {
    noted = asObject(JSON.parse(json));
  } catch {
    return null;
  }
  const phase = asText(noted.phase);
  if (phase === null) return null;
  return {
    phase,
    listing: stage(noted.listing),
    threads: stage(noted.threads),
    contacts: asInteger(noted.contacts) ?? 0,
    requests: asInteger(noted.requests) ?? 0,
    elapsed_ms: asInteger(noted.elapsedMs) ?? 0,
  };
};

/** Time left until all of it is done, ms. */
export const timeLeft = (progress: RunProgress | null): number | null => progress?.threads.eta_ms ?? null;

const left = (ms: number | null): string => {
  if (ms === null) return '';
  const seconds = Math.ceil(ms / 1000);
  return seconds < 120 ? `, about ${seconds} s left` : `, about ${Math.ceil(seconds / 60)} min left`;
};

const count = (value: number): string => value.toLocaleString('en-US');

const stageText = (what: string, { done, eta_ms, total }: StageProgress): string =>
  total === null
    ? `${count(done)} ${what}`
    : `${count(done)} of ${count(total)} ${what}${done < total ? left(eta_ms) : ''}`;

/** The same in words, without an end mark. */
export const progressText = ({ listing, threads, requests }: RunProgress): string =>
  `${stageText('conversations listed', listing)}; ${stageText('with their thread', threads)}; ${count(requests)} requests so far`;
