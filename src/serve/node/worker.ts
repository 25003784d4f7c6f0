/**
 * The side of a process that answers: what it scores and counts goes to the one that keeps the log.
 *
 * A scored request is told before it is answered, so that a killed process leaves no answer that the
 * log does not know of; counts of requests follow once a second.
 * @module
 */
import type { Metrics } from '../metrics.ts';
import type { BatchSummary } from '../rewards/batch-summary.ts';
import { COUNTS_INTERVAL_MS, type ToPrimary, type ToWorker } from './worker-messages.ts';

/** What a process that answers needs of the other. */
export interface PrimaryLink {
  record(batch: BatchSummary): void;
  /** The text of `/metrics`, of all processes. */
  render(): Promise<string>;
  /** Tells the last counts and lets go, so that the process can end. */
  close(): void;
}

/** Connects to the primary process. `onStop` is called when it says so, or when it is gone. */
export function linkToPrimary(metrics: Metrics, onStop: () => void): PrimaryLink {
  const waiting = new Map<number, (text: string) => void>();
  let asked = 0;
  const tell = (message: ToPrimary): void => {
    // it can be gone while this process still answers what is under way
    if (process.connected) process.send?.(message);
  };
  const tellCounts = (): void =>
    tell({ kind: 'counts', counts: metrics.take(), residentBytes: process.memoryUsage.rss() });
  const timer = setInterval(tellCounts, COUNTS_INTERVAL_MS).unref();
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') onStop();
    else waiting.get(message.id)?.(message.text);
  });
  process.once('disconnect', onStop);
  return {
    record: (batch) => tell({ kind: 'batch', batch }),
    async render() {
      tellCounts();
      const id = asked++;
      const text = new Promise<string>((resolve) => waiting.set(id, resolve));
      tell({ kind: 'render', id });
      try {
        return await text;
      } finally {
        waiting.delete(id);
      }
    },
    close() {
      clearInterval(timer);
      tellCounts();
      process.disconnect?.();
    },
  };
}
