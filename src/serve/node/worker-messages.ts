/**
 * What the processes of one service tell each other.
 * @module
 */
import type { Counts } from '../metrics.ts';
import type { BatchSummary } from '../rewards/batch-summary.ts';

/** How often a process that answers tells what it counted, which also says that it lives. */
export const COUNTS_INTERVAL_MS = 1_000;

/** From a process that answers to the one that counts. */
export type ToPrimary =
  | { readonly kind: 'batch'; readonly batch: BatchSummary }
  | { readonly kind: 'counts'; readonly counts: Counts; readonly residentBytes: number }
  | { readonly kind: 'render'; readonly id: number };

/** The other way. */
export type ToWorker =
  | { readonly kind: 'rendered'; readonly id: number; readonly text: string }
  | { readonly kind: 'stop' };
