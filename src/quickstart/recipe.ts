/**
 * The quick start's settings, from `recipes/quickstart.yaml`.
 * @module
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { GeorError } from '../core/index.ts';

const count = z.number().int().positive();
const rate = z.number().nonnegative();

const optimizer = {
  steps: count,
  learningRate: rate,
  warmupSteps: z.number().int().nonnegative(),
  schedule: z.enum(['constant', 'cosine', 'linear']),
  weightDecay: rate,
  beta1: rate,
  beta2: rate,
  maxGradNorm: z.number().positive(),
  rowLength: count,
};

/** The shape of a recipe. */
export const recipeSchema = z.strictObject({
  data: z.strictObject({
    trainCount: count,
    testCount: count,
    spanDegrees: z.number().positive(),
    sizePx: count,
    decimals: z.number().int().nonnegative(),
  }),
  model: z.strictObject({ vocabularySize: count }),
  sft: z.strictObject({
    ...optimizer,
    muon: z.strictObject({ learningRate: rate, momentum: rate }).optional(),
    batchSize: count,
  }),
  /** What the supervised model locates already is left out of GRPO; everything stays when absent. */
  selection: z
    .strictObject({
      probes: count,
      correctKm: z.number().positive(),
      radiusKm: z.number().positive(),
    })
    .optional(),
  grpo: z.strictObject({
    ...optimizer,
    prompts: count,
    groupSize: count.min(2),
    temperature: z.number().positive(),
    maxCompletionLength: count,
    updates: count,
    epsilon: z.number().positive(),
    lossType: z.enum(['grpo', 'bnpo', 'dr_grpo', 'dapo']).default('dapo'),
    ratioLevel: z.enum(['token', 'sequence']).default('token'),
    beta: rate,
    promptsPerPass: count,
  }),
});

/** The settings of a run. */
export type QuickstartRecipe = z.infer<typeof recipeSchema>;

/** What `steps` in the recipe are meant for. */
const RECIPE_MINUTES = 5;

/** Where the shipped recipe lies. */
export const recipePath: string = fileURLToPath(
  new URL('../../recipes/quickstart.yaml', import.meta.url),
);

/**
 * Reads a recipe.
 *
 * @throws GeorError `config` naming what is wrong with it
 */
export function readRecipe(path: string = recipePath): QuickstartRecipe {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new GeorError('config', `cannot read the recipe ${path}`, { cause });
  }
  const parsed = recipeSchema.safeParse(content);
  if (!parsed.success) throw new GeorError('config', `${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/**
 * The recipe for another length of run. Steps follow from the minutes asked for and never from the
 * clock, so that equal arguments give equal results on any machine.
 */
export function recipeForMinutes(recipe: QuickstartRecipe, minutes: number): QuickstartRecipe {
  const scaled = (steps: number): number =>
    Math.max(2, Math.round((steps * minutes) / RECIPE_MINUTES));
  const short = (warmup: number, steps: number): number => Math.min(warmup, Math.ceil(steps / 5));
  const sftSteps = scaled(recipe.sft.steps);
  return {
    ...recipe,
    sft: { ...recipe.sft, steps: sftSteps, warmupSteps: short(recipe.sft.warmupSteps, sftSteps) },
    grpo: { ...recipe.grpo, steps: scaled(recipe.grpo.steps) },
  };
}
