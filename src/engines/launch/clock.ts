/**
 * Time, as a value that a test can move.
 * @module
 */

/** Where waiting and the time come from. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Waits, or returns early when the signal is given. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The time of this machine. */
export const systemClock: Clock = {
  nowMs: Date.now,
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    }),
};
