/**
 * What a service keeps count of: the metrics, and the log of its rewards.
 * @module
 */
import { type RewardLogRow, stepKey } from '../../rewards/index.ts';
import { Metrics } from '../metrics.ts';
import type { BatchSummary } from '../rewards/batch-summary.ts';
import { RewardLog } from '../rewards/reward-log.ts';
import { openLogFile } from './log-file.ts';

/** The share of completions without a reward above which a step is worth a word. */
const UNSCORED_SHARE = 0.5;
/** Steps that were told, so that none is told again. */
const TOLD_LIMIT = 1024;
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
 * @param onNotice - told, once a step, when most of its completions have no reward: such a run learns
 * nothing, and no engine says why
 * @throws GeorError `data` when the log cannot be opened.
 */
export function openLedger(
  path: string | undefined,
  onFault: (error: unknown) => void,
  onNotice: (text: string) => void,
): Ledger {
  const file = path === undefined ? undefined : openLogFile(path);
  const metrics = new Metrics();
  let reason = '';
  const told = new Set<string>();
  const look = (row: RewardLogRow): void => {
    const { run, split, step, samples, unscored } = row;
    const key = stepKey(row);
    if (unscored <= UNSCORED_SHARE * samples || told.has(key)) return;
    if (told.size >= TOLD_LIMIT) told.clear();
    told.add(key);
    metrics.add('geor_reward_unscored_steps_total', 1);
    const where = [run, split !== 'train' && split, step !== null && `step ${step}`];
    const named = printable(where.filter(Boolean).join(', ') || 'a run without a name');
    onNotice(
      `${named}: ${unscored} of ${samples} completions have no reward: ${printable(reason)}`,
    );
  };
  const log = new RewardLog((row) => {
    look(row);
    try {
      file?.write(row);
    } catch (error) {
      onFault(error);
    }
  });
  const timer = setInterval(() => log.tick(), TICK_MS).unref();
  return {
    metrics,
    record(batch) {
      reason = batch.unscoredReason ?? reason;
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

/** What a client wrote, without what would move a terminal's cursor or end its line. */
const printable = (text: string): string => text.replace(/\p{C}/gu, '\ufffd');
