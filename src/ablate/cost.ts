/**
 * What a model costs beside the others, so that a display can say how much time is left.
 * @module
 */
import { type ModelName, planOf } from './models.ts';
import type { AblateRecipe } from './recipe.ts';

/** Milliseconds a tile on two quiet cores (docs/log.md): answers are of different length. */
const SFT_MS = { direct: 1.8, cot: 3.6, cor: 2.8, both: 3.5 } as const;

/** Milliseconds an answer: sampled, scored and learned from. */
const GRPO_MS = 4.7;

/** Milliseconds, about; only their ratios matter. */
export function relativeCost(name: ModelName, { sft, grpo }: AblateRecipe): number {
  const plan = planOf(name);
  if (plan.kind === 'grpo') return grpo.steps * grpo.prompts * grpo.groupSize * GRPO_MS;
  const answers = plan.conditions.length > 1 ? 'both' : plan.conditions[0];
  return sft.steps * sft.batchSize * plan.share * SFT_MS[answers];
}
