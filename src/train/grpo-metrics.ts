/**
 * A step of GRPO in numbers, with TRL's names (`grpo_trainer.py`).
 *
 * What differs: `entropy` is estimated from the sampled tokens, where TRL sums over the vocabulary.
 * Names that TRL lacks: `unscored` (completions without a reward), `skipped` (1 where there was none
 * at all), `broken_images`, and with dynamic sampling `sampled/...`, the same of everything that was
 * sampled, the replaced groups included.
 * @module
 */
import type { GroupAdvantages } from '../rewards/index.ts';
import type { PolicyLoss } from './policy-gradient.ts';
import type { Group, Rollout } from './rollout.ts';
import { isLively } from './rollout.ts';

const mean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((a, b) => a + b, 0) / values.length;

/** Of a sample; of fewer than two values it is none. */
const deviation = (values: readonly number[]): number => {
  if (values.length < 2) return Number.NaN;
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, x) => sum + (x - center) ** 2, 0) / (values.length - 1));
};

const known = (scores: readonly (number | null)[]): number[] =>
  scores.filter((score) => score !== null);

/** Numbers of what was sampled; those of nothing are NaN, and so are left out of the row. */
export function rolloutMetrics(
  { groups, sampled, broken }: Rollout,
  { zeroVarianceShare, groupCount }: GroupAdvantages,
  isDynamic: boolean,
): Record<string, number> {
  const total = totalsOf(groups);
  const parts = Object.keys(groups[0]!.parts).flatMap((name) => {
    const scores = known(groups.flatMap((group) => group.parts[name] ?? []));
    return [
      [`rewards/${name}/mean`, mean(scores)],
      [`rewards/${name}/std`, deviation(scores)],
    ] as const;
  });
  const generated = groups.flatMap((group) => group.generated);
  const lengths = generated.map(({ tokens }) => tokens.length);
  const logProbabilities = generated.flatMap((one) => [...one.logProbabilities]);
  return {
    reward: mean(known(total)),
    reward_std: deviation(known(total)),
    frac_reward_zero_std: groupCount === 0 ? Number.NaN : zeroVarianceShare,
    unscored: total.length - known(total).length,
    broken_images: broken,
    ...Object.fromEntries(parts),
    entropy: -mean(logProbabilities),
    'completions/mean_length': mean(lengths),
    'completions/min_length': Math.min(...lengths),
    'completions/max_length': Math.max(...lengths),
    'completions/clipped_ratio': mean(generated.map(({ ended }) => (ended ? 0 : 1))),
    ...(isDynamic && {
      'sampled/groups': sampled.length,
      'sampled/reward': mean(known(totalsOf(sampled))),
      'sampled/frac_reward_zero_std': mean(sampled.map((group) => (isLively(group) ? 0 : 1))),
    }),
  };
}

/** Numbers of what was learned from it. */
export const lossMetrics = (
  { loss, kl, clippedLow, clippedHigh }: PolicyLoss,
  beta: number,
): Record<string, number> => ({
  loss,
  ...(beta > 0 && { kl }),
  'clip_ratio/low_mean': clippedLow,
  'clip_ratio/high_mean': clippedHigh,
  'clip_ratio/region_mean': clippedLow + clippedHigh,
});

const totalsOf = (groups: readonly Group[]): (number | null)[] =>
  groups.flatMap(({ total }) => total);
