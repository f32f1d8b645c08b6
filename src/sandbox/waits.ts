/** Pauses that end with the sandbox. */
export const createWaits = () => {
  const timers = new Set<NodeJS.Timeout>();
  return {
    /** Resolves after a time; never, once the sandbox has ended. */
    wait: (ms: number): Promise<void> =>
      ms <= 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            const timer = setTimeout(() => {
              timers.delete(timer);
              resolve();
            }, ms);
            timers.add(timer);
          }),
    end(): void {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
};
