/**
 * The settings of an ablation, from `recipes/ablate.yaml`.
 * @module
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { GeorError } from '../core/index.ts';
import { recipeSchema as quickstartSchema } from '../quickstart/index.ts';

const { data, model, sft, grpo } = quickstartSchema.shape;

/**
 * The shape of a recipe: the quick start's, and how hard tiles are told. The first
 * `sft.steps * sft.batchSize` training tiles are for supervised training, the others for
 * reinforcement.
 */
export const ablateRecipeSchema = z.strictObject({
  ...{ data, model, sft, grpo },
  hard: z.strictObject({
    /** Tiles that the supervised model answers to tell what it knows. */
    candidates: z.number().int().positive(),
    /** An answer this near is right; Geo-R does not say what "correctly" means. */
    rightKm: z.number().positive(),
    /** How far from a right answer a hard tile has to be (Geo-R, section 3.3: 200). */
    radiusKm: z.number().positive(),
  }),
});

/** The settings of a run. */
export type AblateRecipe = z.infer<typeof ablateRecipeSchema>;

/** What a seed of the shipped recipe takes on two quiet cores. */
export const RECIPE_MINUTES = 10;

/** Where the shipped recipe lies. */
export const ablateRecipePath: string = fileURLToPath(
  new URL('../../recipes/ablate.yaml', import.meta.url),
);

/** Tiles for supervised training of the whole size. */
export const sftTiles = ({ sft: { steps, batchSize } }: AblateRecipe): number => steps * batchSize;

/**
 * Reads a recipe.
 *
 * @throws GeorError `config` naming what is wrong with it
 */
export function readAblateRecipe(path: string = ablateRecipePath): AblateRecipe {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new GeorError('config', `cannot read the recipe ${path}`, { cause });
  }
  const parsed = ablateRecipeSchema.safeParse(content);
  if (!parsed.success) throw new GeorError('config', `${path}: ${z.prettifyError(parsed.error)}`);
  const left = parsed.data.data.trainCount - sftTiles(parsed.data);
  if (left < parsed.data.grpo.prompts)
    throw new GeorError('config', `${path}: ${left} training tiles are left for reinforcement`, {
      hint: 'data.trainCount holds sft.steps * sft.batchSize tiles and those for reinforcement',
    });
  return parsed.data;
}

/**
 * The recipe for another time a seed. Steps, and with them tiles, follow from the minutes asked for
 * and never from the clock, so that equal arguments give equal results on any machine.
 */
export function ablateRecipeForMinutes(recipe: AblateRecipe, minutes: number): AblateRecipe {
  const scaled = (steps: number): number =>
    Math.max(4, Math.round((steps * minutes) / RECIPE_MINUTES));
  const sftSteps = scaled(recipe.sft.steps);
  const result = {
    ...recipe,
    sft: {
      ...recipe.sft,
      steps: sftSteps,
      warmupSteps: Math.min(recipe.sft.warmupSteps, Math.ceil(sftSteps / 5)),
    },
    grpo: { ...recipe.grpo, steps: scaled(recipe.grpo.steps) },
  };
  const forRl = recipe.data.trainCount - sftTiles(recipe);
  return { ...result, data: { ...recipe.data, trainCount: sftTiles(result) + forRl } };
}
