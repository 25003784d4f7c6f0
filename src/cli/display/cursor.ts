/**
 * Gives the cursor back however the process ends.
 * @module
 */

/** The part of `process` that is listened to. */
export interface ProcessEvents {
  once(event: 'exit' | 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(event: 'exit' | 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  listenerCount(event: 'SIGINT' | 'SIGTERM'): number;
  readonly pid: number;
  kill(pid: number, signal: 'SIGINT' | 'SIGTERM'): unknown;
}

/**
 * Calls `restore` once, at exit or at a signal. A signal that nobody else handles then ends the
 * process as if this listener had not been there.
 *
 * @returns stops listening, without calling `restore`
 */
export function onEnd(events: ProcessEvents, restore: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const stop = (): void => {
    events.off('exit', restore);
    for (const [i, signal] of signals.entries()) events.off(signal, handlers[i]!);
  };
  const handlers = signals.map((signal) => () => {
    stop();
    restore();
    if (events.listenerCount(signal) === 0) events.kill(events.pid, signal);
  });
  events.once('exit', restore);
  for (const [i, signal] of signals.entries()) events.once(signal, handlers[i]!);
  return stop;
}
