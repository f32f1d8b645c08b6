/** Unix seconds → ISO 8601 UTC, to the second. */
export const isoTime = (seconds: number): string => {
  const date = new Date(seconds * 1000);
  // Beyond what a date can hold (a broken payload): the number itself says more than an error.
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace('.000Z', 'Z');
};

export const isoTimeOrNull = (seconds: number | null): string | null =>
  seconds === null ? null : isoTime(seconds);
