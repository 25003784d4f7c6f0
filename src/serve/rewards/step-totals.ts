/**
 * The totals of one training step, of however many requests.
 * @module
 */
import type { RewardLogRow } from '../../rewards/index.ts';
import type { BatchSummary, Sum } from './batch-summary.ts';

/** Groups of one step that are told apart; more than these are only counted. */
const GROUPS_LIMIT = 65_536;

interface Group {
  scored: number;
  least: number;
  greatest: number;
  isWhole: boolean;
}

/** Adds requests up; one that turns out to be a repeat can be taken out again. */
export class StepTotals {
  readonly #step: Pick<RewardLogRow, 'run' | 'attempt' | 'split' | 'step'>;
  readonly #counts = { samples: 0, unscored: 0, parseFailures: 0, requests: 0, repeats: 0 };
  readonly #reward = { count: 0, sum: 0, sumOfSquares: 0 };
  readonly #parts = new Map<string, { count: number; sum: number }>();
  readonly #distanceKm = { count: 0, sum: 0 };
  readonly #groups = new Map<string | number, Group>();
  #groupsBeyond = 0;

  constructor({ run, attempt, split, step }: BatchSummary) {
    this.#step = { run, attempt, split, step };
  }

  /** Counts a request whose samples are counted already. */
  addRepeat(): void {
    this.#counts.repeats++;
  }

  /** Counts a request. */
  add(batch: BatchSummary): void {
    this.#change(batch, 1);
    for (const { group, scored, least, greatest, isWhole } of batch.groups) {
      const known = this.#groups.get(group);
      if (known) {
        if (scored > 0) {
          known.least = known.scored > 0 ? Math.min(known.least, least) : least;
          known.greatest = known.scored > 0 ? Math.max(known.greatest, greatest) : greatest;
        }
        known.scored += scored;
        known.isWhole ||= isWhole;
      } else if (this.#groups.size < GROUPS_LIMIT)
        this.#groups.set(group, { scored, least, greatest, isWhole });
      else this.#groupsBeyond++;
    }
  }

  /**
   * Takes a counted request out again. Of a group that other requests also added to, the least and
   * the greatest reward stay.
   */
  remove(batch: BatchSummary): void {
    this.#change(batch, -1);
    for (const { group, scored } of batch.groups) {
      const known = this.#groups.get(group);
      if (!known) continue;
      known.scored -= scored;
      if (known.scored <= 0) this.#groups.delete(group);
    }
  }

  #change(batch: BatchSummary, sign: 1 | -1): void {
    this.#counts.requests += sign;
    for (const name of ['samples', 'unscored', 'parseFailures'] as const)
      this.#counts[name] += sign * batch[name];
    this.#reward.sumOfSquares += sign * batch.reward.sumOfSquares;
    change(this.#reward, batch.reward, sign);
    change(this.#distanceKm, batch.distanceKm, sign);
    for (const [part, sum] of Object.entries(batch.parts)) {
      const total = this.#parts.get(part) ?? { count: 0, sum: 0 };
      this.#parts.set(part, total);
      change(total, sum, sign);
    }
  }

  /** The row of the log. */
  row(at: string): RewardLogRow {
    const { count, sumOfSquares } = this.#reward;
    const mean = meanOf(this.#reward);
    const groups = [...this.#groups.values()];
    return {
      ...this.#step,
      ...this.#counts,
      groups: groups.length + this.#groupsBeyond,
      incompleteGroups: groups.filter(({ isWhole }) => !isWhole).length,
      zeroVarianceGroups: groups.filter(
        ({ scored, least, greatest }) => scored > 1 && least === greatest,
      ).length,
      reward: mean,
      rewardStd: mean === null ? null : Math.sqrt(Math.max(0, sumOfSquares / count - mean ** 2)),
      parts: Object.fromEntries([...this.#parts].map(([part, sum]) => [part, meanOf(sum)])),
      distanceKm: meanOf(this.#distanceKm),
      at,
    };
  }
}

const meanOf = ({ count, sum }: Sum): number | null => (count === 0 ? null : sum / count);

function change(total: { count: number; sum: number }, { count, sum }: Sum, sign: 1 | -1): void {
  total.count += sign * count;
  total.sum += sign * sum;
}
