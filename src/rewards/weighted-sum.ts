/**
 * A total as the weighted sum of its parts.
 * @module
 */
import { GeorError } from '../core/index.ts';
import type { Outcome } from './outcome.ts';
import type { RewardResult } from './reward.ts';

/** One part of a reward. */
export interface Part {
  /** In the total; 0 for a part that is only reported. */
  readonly weight: number;
  /** One per completion. */
  readonly outcomes: readonly Outcome<number>[];
}

/**
 * Adds parts up. A total is `null`, with every reason, when a part with a weight failed.
 *
 * @param count - completions
 */
export function weightedSum(parts: Readonly<Record<string, Part>>, count: number): RewardResult {
  const total: (number | null)[] = [];
  const unscored: (string | null)[] = [];
  for (let i = 0; i < count; i++) {
    let sum = 0;
    const reasons = new Set<string>();
    for (const { weight, outcomes } of Object.values(parts)) {
      if (weight === 0) continue;
      const { value, failure } = outcomes[i]!;
      if (failure === undefined) sum += weight * value;
      else reasons.add(failure);
    }
    total.push(reasons.size === 0 ? sum : null);
    unscored.push(reasons.size === 0 ? null : [...reasons].join('; '));
  }
  const scores = Object.entries(parts).map(
    ([name, { outcomes }]) => [name, outcomes.map(({ value }) => value ?? null)] as const,
  );
  return { total, parts: Object.fromEntries(scores), unscored };
}

/**
 * Checks weights and gives them back.
 *
 * @throws GeorError `usage` for a weight that is negative or not finite.
 */
export function checkedWeights<W extends object>(weights: W): W {
  for (const [name, weight] of Object.entries(weights))
    if (typeof weight !== 'number' || !(weight >= 0 && Number.isFinite(weight)))
      throw new GeorError('usage', `the weight of ${name} is ${weight}`, {
        hint: 'a weight is a number >= 0; 0 leaves the part out',
      });
  return weights;
}
