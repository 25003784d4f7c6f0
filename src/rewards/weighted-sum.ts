/**
 * A total as the weighted sum of its parts.
 * @module
 */
import { GeorError, type Outcome } from '../core/index.ts';
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

/** Weights by the name of a preset, or single weights changed. */
export type WeightChoice = string | Readonly<Record<string, number>>;

/**
 * The weights of a recipe.
 *
 * @param fallback - the preset that is used, or changed, where `choice` does not name one
 * @throws GeorError `usage` for a preset or part that is not there, and for a weight that is negative
 * or not finite.
 */
export function chosenWeights<P extends string>(
  presets: Readonly<Record<string, Readonly<Record<P, number>>>>,
  fallback: string,
  choice: WeightChoice = {},
): Readonly<Record<P, number>> {
  const name = typeof choice === 'string' ? choice : fallback;
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (!preset)
    throw new GeorError('usage', `there are no weights called '${name}'`, {
      hint: `presets: ${Object.keys(presets).join(', ')}`,
    });
  const weights: Record<P, number> = { ...preset };
  const changes = typeof choice === 'string' ? {} : checkedWeights(choice);
  for (const part in weights) weights[part] = changes[part] ?? weights[part];
  const strange = Object.keys(changes).find((part) => !Object.hasOwn(weights, part));
  if (strange !== undefined)
    throw new GeorError('usage', `there is no part called '${strange}'`, {
      hint: `parts: ${Object.keys(weights).join(', ')}`,
    });
  return weights;
}

/**
 * Checks weights and gives them back.
 *
 * @throws GeorError `usage` for a weight that is negative or not finite.
 */
export function checkedWeights<W extends Readonly<Record<string, number>>>(weights: W): W {
  for (const [name, weight] of Object.entries(weights))
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new GeorError('usage', `the weight of ${name} is ${weight}`, {
        hint: 'a weight is a number >= 0; 0 leaves the part out',
      });
  return weights;
}
