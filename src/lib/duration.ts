const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** Seconds in words, to two units: "2d 4h", "1h 20m", "45s". */
export const durationText = (seconds: number): string => {
  const whole = Math.round(Math.abs(seconds));
  const at = UNITS.findIndex(([, size]) => whole >= size);
  if (at < 0) return '0s';
  const [unit, size] = UNITS[at] ?? UNITS[3];
  const [nextUnit, nextSize] = UNITS[at + 1] ?? ['', 1];
  const first = Math.floor(whole / size);
  const rest = nextUnit === '' ? 0 : Math.floor((whole - first * size) / nextSize);
  return `${seconds < 0 ? '-' : ''}${first}${unit}${rest > 0 ? ` ${rest}${nextUnit}` : ''}`;
};
