/** What one request must remember to report back to the gate. */
export interface GatePass {
  readonly pauses: number;
  readonly probe: boolean;
}

/** Keeps everybody still after a 429, then lets a single probe go until one is not refused (TRAPS T54). Holds no timers. */
export interface PauseGate {
  /** ms until requests may go, 0 when they may. */
  waitMs(): number;
  /** True while a probe is under way and nobody else may leave. */
  isProbing(): boolean;
  enter(): GatePass;
  /** The request met a 429: all keep still for `pauseMs`. */
  refused(pauseMs: number): void;
  /** The request was answered otherwise. An answer to a request from before the last pause proves nothing. */
  answered(pass: GatePass): void;
  leave(pass: GatePass): void;
}

/** Creates an open gate. */
export const createPauseGate = (): PauseGate => {
  let untilMonoMs = Number.NEGATIVE_INFINITY;
  let pauses = 0;
  let probing = false;
  let activeProbes = 0;
  return {
    waitMs: () => Math.max(0, untilMonoMs - performance.now()),
    isProbing: () => probing && activeProbes > 0,
    enter() {
      if (probing) activeProbes += 1;
      return { pauses, probe: probing };
    },
    refused(pauseMs) {
      untilMonoMs = Math.max(untilMonoMs, performance.now() + pauseMs);
      pauses += 1;
      probing = true;
    },
    answered(pass) {
      if (pass.pauses === pauses) probing = false;
    },
    leave(pass) {
      if (pass.probe) activeProbes -= 1;
    },
  };
};
