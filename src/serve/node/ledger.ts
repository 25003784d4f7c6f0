/**
 * What a service keeps count of: the metrics, and the log of its rewards.
 * @module
 */
import { Metrics } from '../metrics.ts';
import type { BatchSummary } from '../rewards/batch-summary.ts';
import { RewardLog } from '../rewards/reward-log.ts';
import { openLogFile } from './log-file.ts';

/** How often rows are looked for that are due. */
const TICK_MS = 1_000;

/** Counts of one service. */
export interface Ledger {
  readonly metrics: Metrics;
  /** Counts a scored request. */
  record(batch: BatchSummary): void;
  /** Writes what is not written yet. */
  close(): void;
}

/**
 * Opens the ledger.
 *
 * @param path - of the log; absent for none
 * @param onFault - told when the log cannot be written, which does not keep rewards from being given
 * @throws GeorError `data` when the log cannot be opened.
 */
export function openLedger(path: string | undefined, onFault: (error: unknown) => void): Ledger {
  const file = path === undefined ? undefined : openLogFile(path);
  const log = new RewardLog((row) => {
    try {
      file?.write(row);
    } catch (error) {
      onFault(error);
    }
  });
  const metrics = new Metrics();
  const timer = setInterval(() => log.tick(), TICK_MS).unref();
  return {
    metrics,
    record(batch) {
      const isRepeat = log.add(batch);
      metrics.add('geor_reward_samples_total', batch.samples);
      metrics.add('geor_reward_unscored_total', batch.unscored);
      metrics.add('geor_reward_parse_failures_total', batch.parseFailures);
      metrics.add('geor_reward_repeats_total', isRepeat ? 1 : 0);
      metrics.add(
        'geor_reward_groups_in_part_total',
        batch.groups.filter(({ isWhole }) => !isWhole).length,
      );
    },
    close() {
      clearInterval(timer);
      log.flush();
      file?.close();
    },
  };
}
