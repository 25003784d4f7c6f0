/**
 * Sorts summed-up requests into steps and says when a row of the log is due. Its memory is bounded.
 *
 * A request that comes again, by its key, is counted once. Where it had unscored samples the first
 * time, the repeat takes its place.
 * @module
 */
import { type RewardLogRow, stepKey } from '../../rewards/index.ts';
import type { BatchSummary } from './batch-summary.ts';
import { StepTotals } from './step-totals.ts';

/**
 * Steps that can still be added to; one that is passed over longest is forgotten first. Each remembers
 * its groups, so this bounds most of the memory.
 */
const STEPS_LIMIT = 32;
/** Requests that are recognised when they come again. */
const KEYS_LIMIT = 100_000;
/** Requests with unscored samples that a repeat can replace. */
const REPLACEABLE_LIMIT = 1024;
/** A row is due when nothing came for so long, */
const IDLE_MS = 2_000;
/** or, while more comes, when the last one is so old. */
const STALE_MS = 15_000;

interface Step {
  readonly totals: StepTotals;
  /** Of run and split: a later step of the same says that this one has ended. */
  readonly series: string;
  changedAt: number;
  writtenAt: number;
  isDue: boolean;
}

/** Counts; `write` gets each row that is due. */
export class RewardLog {
  readonly #write: (row: RewardLogRow) => void;
  readonly #now: () => number;
  readonly #steps = new Map<string, Step>();
  /** The one that was added to last, and so stands last. */
  #latest: Step | undefined;
  /** Keys of counted requests; with what they added where a repeat may replace it. */
  readonly #keys = new Set<string>();
  readonly #replaceable = new Map<string, BatchSummary>();

  /** @param now - milliseconds since 1970 */
  constructor(write: (row: RewardLogRow) => void, now: () => number = Date.now) {
    this.#write = write;
    this.#now = now;
  }

  /** Counts a request; whether it is a repeat. */
  add(batch: BatchSummary): boolean {
    const step = this.#stepOf(batch);
    const isRepeat = this.#keys.has(batch.key);
    const earlier = this.#replaceable.get(batch.key);
    if (isRepeat) step.totals.addRepeat();
    if (earlier) step.totals.remove(earlier);
    if (!isRepeat || earlier) step.totals.add(batch);
    if (batch.unscored === 0) this.#replaceable.delete(batch.key);
    else {
      this.#replaceable.set(batch.key, batch);
      forgetOldest(this.#replaceable, REPLACEABLE_LIMIT);
    }
    this.#keys.add(batch.key);
    forgetOldest(this.#keys, KEYS_LIMIT);
    step.isDue = true;
    step.changedAt = this.#now();
    return isRepeat;
  }

  /** Writes the rows that are due by now. */
  tick(): void {
    const now = this.#now();
    for (const step of this.#steps.values())
      if (step.isDue && (now - step.changedAt >= IDLE_MS || now - step.writtenAt >= STALE_MS))
        this.#writeRow(step);
  }

  /** Writes every row that is not written yet. */
  flush(): void {
    for (const step of this.#steps.values()) if (step.isDue) this.#writeRow(step);
  }

  #stepOf(batch: BatchSummary): Step {
    const key = `${batch.attempt} ${stepKey(batch)}`;
    const known = this.#steps.get(key);
    if (known && known === this.#latest) return known;
    this.#steps.delete(key);
    const step = known ?? this.#newStep(batch);
    this.#steps.set(key, step);
    this.#latest = step;
    const [oldest] = this.#steps;
    if (this.#steps.size > STEPS_LIMIT && oldest) {
      if (oldest[1].isDue) this.#writeRow(oldest[1]);
      this.#steps.delete(oldest[0]);
    }
    return step;
  }

  /** A step that begins; those before it, of its run and split, have ended. */
  #newStep(batch: BatchSummary): Step {
    const series = JSON.stringify([batch.run, batch.split]);
    for (const other of this.#steps.values())
      if (other.isDue && other.series === series) this.#writeRow(other);
    const now = this.#now();
    const totals = new StepTotals(batch);
    return { totals, series, changedAt: now, writtenAt: now, isDue: false };
  }

  #writeRow(step: Step): void {
    const now = this.#now();
    step.isDue = false;
    step.writtenAt = now;
    this.#write(step.totals.row(new Date(now).toISOString()));
  }
}

/** Maps and sets keep the order in which their keys were first added. */
function forgetOldest(entries: Set<string> | Map<string, unknown>, limit: number): void {
  if (entries.size <= limit) return;
  const [oldest] = entries.keys();
  if (oldest !== undefined) entries.delete(oldest);
}
