/**
 * The numbers of a training stage: a YAML file per recipe and stage in `recipes/`.
 *
 * A file holds the paper's numbers, with its words beside each. Two blocks change some of them:
 * `whenLora` when adapters are trained, `released` for the variant of the authors' code.
 * @module
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { GeorError, mergeFields } from '../../core/index.ts';

const positive = z.number().positive();
const whole = z.int().positive();
const share = z.number().min(0).max(1);

const lora = z.strictObject({
  rank: whole,
  /** Adapters are scaled by alpha / rank. */
  alpha: whole,
  dropout: share,
});

const common = {
  /** Prompt condition. */
  condition: z.enum(['cor', 'cot', 'direct']),
  /** Train adapters or all parameters. */
  adaptation: z.enum(['lora', 'full']),
  epochs: positive,
  learningRate: positive,
  schedule: z.enum(['constant', 'cosine', 'linear']),
  /** Share of all steps during which the rate rises. */
  warmupRatio: share,
  weightDecay: z.number().min(0),
  /** Pixels of a picture, at most; its tokens are pixels / 784. */
  maxPixels: whole,
  freezeVision: z.boolean(),
  lora,
};

const sftNumbers = z.strictObject({
  ...common,
  stage: z.literal('sft'),
  /** Rows per step. */
  batchSize: whole,
  /** Tokens of a row, at most. */
  maxLength: whole,
});

const grpoNumbers = z.strictObject({
  ...common,
  stage: z.literal('grpo'),
  /** Prompts whose completions are generated together. */
  promptsPerStep: whole,
  /** Completions per prompt. */
  groupSize: z.int().min(2),
  /** Steps of the optimiser on the completions of one generation. */
  updatesPerStep: whole,
  /** Weight of the KL divergence from the reference policy. */
  beta: z.number().min(0),
  /** How far a probability ratio counts. */
  epsilon: positive,
  temperature: positive,
  topP: share,
  /** Tokens, those of the picture included. */
  maxPromptLength: whole,
  /** Tokens. */
  maxCompletionLength: whole,
});

const numbers = z.discriminatedUnion('stage', [sftNumbers, grpoNumbers]);

/** Numbers of supervised training. */
export type SftNumbers = z.infer<typeof sftNumbers>;
/** Numbers of GRPO. */
export type GrpoNumbers = z.infer<typeof grpoNumbers>;
/** Numbers of either stage. */
export type Numbers = z.infer<typeof numbers>;

const changes = z.record(z.string(), z.unknown()).optional();
const file = z.looseObject({ recipe: z.string(), whenLora: changes, released: changes });

/** The recipes that have files. */
export const RECIPES = ['geo-r', 'globe', 'geoagent'] as const;

/** The name of a recipe. */
export type RecipeName = (typeof RECIPES)[number];

/** Which numbers to take. */
export interface RecipeChoice {
  readonly stage: 'sft' | 'grpo';
  readonly variant: 'paper' | 'released';
  /** Instead of the recipe's. */
  readonly adaptation?: 'lora' | 'full' | undefined;
  /** Values by name (`lora.rank` goes inside), the last word over all else. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/** Names that {@link RecipeChoice.overrides} may have for a stage, `lora.rank` written so. */
export function numberNames(stage: 'sft' | 'grpo'): string[] {
  const { shape } = stage === 'sft' ? sftNumbers : grpoNumbers;
  const names = Object.keys(shape).filter(
    (name) => !['stage', 'lora', 'adaptation'].includes(name),
  );
  return [...names, ...Object.keys(lora.shape).map((name) => `lora.${name}`)];
}

/**
 * The numbers of a recipe.
 *
 * @throws GeorError `usage` when an override does not fit
 */
export function recipeNumbers(recipe: RecipeName, choice: RecipeChoice): Numbers {
  const { stage, variant, overrides = {} } = choice;
  const url = new URL(`../../../recipes/${recipe}/${stage}.yaml`, import.meta.url);
  const {
    recipe: _name,
    whenLora,
    released,
    ...base
  } = file.parse(parse(readFileSync(fileURLToPath(url), 'utf8')));
  const adaptation = choice.adaptation ?? base['adaptation'];
  let chosen = mergeFields(base, { adaptation });
  if (adaptation === 'lora') chosen = mergeFields(chosen, whenLora ?? {});
  if (variant === 'released') chosen = mergeFields(chosen, released ?? {});
  for (const [name, value] of Object.entries(overrides)) {
    const [outer, inner] = name.split('.') as [string, string | undefined];
    chosen = mergeFields(chosen, { [outer]: inner === undefined ? value : { [inner]: value } });
  }
  const checked = numbers.safeParse(chosen);
  if (checked.success) return checked.data;
  throw new GeorError('usage', `the numbers do not fit: ${z.prettifyError(checked.error)}`, {
    hint: `numbers of this stage: ${numberNames(stage).join(', ')}`,
  });
}
