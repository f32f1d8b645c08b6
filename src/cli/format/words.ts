const COUNT = new Intl.NumberFormat('en-US');

/** 12745 → `12,745`. */
export const count = (value: number): string => COUNT.format(value);

/** 1 → `1 contact`, 2 → `2 contacts`. */
export const counted = (value: number, noun: string): string =>
  `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

/** Milliseconds → `85 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`. */
export const duration = (ms: number): string => {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
};

/** ISO 8601 UTC → `2026-11-24 02:40 UTC`. */
export const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

/** ISO 8601 UTC → `2026-11-24 02:40 UTC (3 min 5 s ago)`. */
export const minuteWithAge = (iso: string, nowMs: number): string => {
  const age = nowMs - Date.parse(iso);
  return age < 0 ? minute(iso) : `${minute(iso)} (${duration(age)} ago)`;
};
