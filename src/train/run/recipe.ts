/**
 * The recipe of an embedded run: one YAML file per stage, every setting checked.
 *
 * Where a setting means the same as in the recipes for large engines (`recipes/geo-r/grpo.yaml`), it has
 * the same name, and those files are recipes here too: what a small run needs besides has a default.
 * What an engine does and this trainer does not is refused when it would change the result
 * (`topP` below 1, a frozen vision model in full training), and named when it hardly does
 * (`lora.dropout`).
 * @module
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { type AnswerContract, DEFAULT_DECIMALS } from '../../chain/index.ts';
import { type Fields, GeorError, mergeFields } from '../../core/index.ts';
import { rewardConfigSchema } from '../../rewards/index.ts';

const positive = z.number().positive();
const whole = z.int().positive();
const share = z.number().min(0).max(1);
const notNegative = z.number().min(0);
const condition = z.enum(['cor', 'cot', 'direct']);
const names = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((value): string[] => [value].flat());

const common = {
  /** Whose answers and whose reward. */
  recipe: z.enum(['geo-r', 'globe', 'geoagent']).default('geo-r'),
  /** What is written and read. Default: the recipe's own. */
  contract: z.enum(['geo-r', 'globe', 'geoagent', 'json']).optional(),
  /** Prompt conditions; supervised training learns an answer under each, the first is asked. */
  condition: z.union([condition, z.array(condition).min(1)]).transform((value) => [value].flat()),
  /** Decimals of the coordinates in answers that are built. */
  decimals: z.int().min(0).max(10).default(DEFAULT_DECIMALS),

  /** A model folder, `shipped`, or a preset: `tiny`, `5m`, `25m`. */
  model: z.string().min(1).optional(),
  /** An adapter of PEFT to go on with. */
  adapter: z.string().min(1).optional(),
  /** Words that a preset's tokenizer learns from the answers, at most. */
  vocabularySize: z.int().min(300).default(2048),
  /** Inputs: CSV, JSONL, Parquet, folders of photographs, `earth:?count=...&split=...`. */
  data: names.optional(),
  /** Held-out inputs, answered before and after. */
  evalData: names.optional(),
  /** Names of columns, as `{ lat: LATITUDE, photo: FILE }`. */
  columns: z
    .partialRecord(
      z.enum(['id', 'lat', 'lon', 'photo', 'country', 'region', 'city']),
      z.string().min(1),
    )
    .default({}),
  /** Folder that the paths of pictures start from. */
  photos: z.string().min(1).optional(),
  /** Rows of the data, and of the held-out data, at most. */
  limit: whole.optional(),
  evalLimit: whole.default(200),
  /** How tiles of `earth:` are cut: degrees high, pixels a side. */
  tile: z
    .strictObject({ spanDegrees: positive.default(12), sizePx: whole.default(56) })
    .prefault({}),
  /** Pixels of a picture at most, if the model's own bound is not lower. */
  maxPixels: whole.default(256 * 28 * 28),

  /** All parameters, or an adapter. */
  adaptation: z.enum(['full', 'lora']).default('full'),
  lora: z
    .strictObject({
      rank: whole.default(16),
      alpha: positive.default(32),
      dropout: share.default(0),
      targetModules: z.union([z.string(), z.array(z.string()).min(1)]).default('all-linear'),
    })
    .prefault({}),
  freezeVision: z.boolean().default(false),

  /** Passes over the data; `steps` says it outright. */
  epochs: positive.default(1),
  steps: whole.optional(),
  learningRate: positive,
  schedule: z.enum(['constant', 'cosine', 'linear']).default('constant'),
  /** Share of the steps in which the rate rises. */
  warmupRatio: share.default(0),
  weightDecay: notNegative.default(0),
  beta1: share.default(0.9),
  beta2: share.default(0.999),
  maxGradNorm: positive.default(1),
  /** Changes the matrices of hidden layers instead of AdamW. */
  muon: z.strictObject({ learningRate: positive, momentum: share.default(0.95) }).optional(),
  /** Tokens of a packed row. Default: the longest sample. */
  rowLength: whole.optional(),
  /** Seed of everything random. */
  seed: z.int().min(0).default(1),
  /** Steps between checkpoints. */
  checkpointEvery: whole.default(50),
  /** Steps between two measurements of the held-out loss, besides the one at the end. */
  evalEvery: whole.optional(),
  /** Steps between two looks at an answer to a held-out row. */
  watchEvery: whole.optional(),
};

const sftSchema = z.strictObject({
  ...common,
  stage: z.literal('sft'),
  /** Rows a step. */
  batchSize: whole,
  /** Rows per forward and backward pass, which bounds the memory. Default: all of the step. */
  samplesPerPass: whole.optional(),
  /** Weight of the coordinates beside the next token; see `coordinate-loss.ts`. */
  coordinateWeight: notNegative.default(0),
  /** Tokens of a row at most; longer ones are left out. */
  maxLength: whole.default(2048),
});

const grpoSchema = z.strictObject({
  ...common,
  stage: z.literal('grpo'),
  /** Prompts a step. */
  promptsPerStep: whole,
  /** Completions of each: G. */
  groupSize: z.int().min(2),
  /** Updates of the parameters on the completions of one step. */
  updatesPerStep: whole.default(1),
  /** Prompts per forward and backward pass, which bounds the memory. */
  promptsPerPass: whole.optional(),
  /** Weight of the KL divergence from the policy at the start. */
  beta: notNegative.default(0),
  epsilon: positive.default(0.2),
  /** Upper clip range, where it is another. */
  epsilonHigh: positive.optional(),
  lossType: z.enum(['grpo', 'bnpo', 'dr_grpo', 'dapo', 'cispo', 'sapo', 'luspo']).default('dapo'),
  ratioLevel: z.enum(['token', 'sequence']).default('token'),
  /** What differences of rewards are divided by. */
  advantages: z.enum(['std', 'mean', 'batch-std', 'leave-one-out']).default('std'),
  /** Groups without variance are sampled anew, in so many rounds at most. */
  dynamicSampling: z.strictObject({ maxRounds: whole }).optional(),
  /** Steps in a row that may pass without a reward. */
  maxUnscoredSteps: whole.optional(),
  temperature: positive.default(1),
  topP: z.literal(1, { error: 'sampling keeps all tokens here: topP is 1' }).default(1),
  /** Tokens of a question with its picture; longer ones are left out. */
  maxPromptLength: whole.default(1024),
  maxCompletionLength: whole,
  /** The reward, as a file for `geor reward` has it; `recipe` is its default. */
  reward: z.record(z.string(), z.unknown()).default({}),
});

const recipeSchema = z.discriminatedUnion('stage', [sftSchema, grpoSchema]);

/** The settings that a stage has. */
export const settingNames = (stage: 'sft' | 'grpo'): string[] =>
  Object.keys((stage === 'sft' ? sftSchema : grpoSchema).shape);

/** Settings of supervised training. */
export type SftRecipe = z.output<typeof sftSchema>;
/** Settings of GRPO. */
export type GrpoRecipe = z.output<typeof grpoSchema>;
/** Settings of a run. */
export type TrainingRecipe = SftRecipe | GrpoRecipe;

const file = z.looseObject({
  whenLora: z.record(z.string(), z.unknown()).default({}),
  released: z.record(z.string(), z.unknown()).default({}),
});

/**
 * Reads a recipe file.
 *
 * @throws GeorError `config` when it is missing or no YAML
 */
export function readRecipeFile(path: string): Fields {
  try {
    return file.parse(parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new GeorError('config', `cannot read the recipe ${path}: ${why}`, { cause });
  }
}

/**
 * A checked recipe.
 *
 * @param fields - a file's content
 * @param overrides - the last word, after `whenLora` and `released`
 * @throws GeorError `config` naming each setting that is wrong
 */
export function trainingRecipe(
  stage: 'sft' | 'grpo',
  fields: Fields,
  overrides: Fields,
  { name = 'the recipe', released = false }: { name?: string; released?: boolean } = {},
): TrainingRecipe {
  const { whenLora, released: changes, ...base } = fields;
  if (base['stage'] !== undefined && base['stage'] !== stage)
    throw new GeorError('config', `${name} is for stage ${base['stage']}, not for ${stage}`, {
      hint: `geor train ${base['stage']} takes it`,
    });
  const adaptation = overrides['adaptation'] ?? base['adaptation'];
  let chosen = mergeFields(base, { stage });
  if (adaptation === 'lora') chosen = mergeFields(chosen, (whenLora ?? {}) as Fields);
  if (released) chosen = mergeFields(chosen, (changes ?? {}) as Fields);
  const parsed = recipeSchema.safeParse(mergeFields(chosen, overrides));
  if (!parsed.success)
    throw new GeorError('config', `${name}: ${z.prettifyError(parsed.error)}`, {
      hint: 'docs/training.md says what each setting means',
    });
  const recipe = parsed.data;
  if (recipe.freezeVision && recipe.adaptation === 'full')
    throw new GeorError('config', `${name}: freezeVision goes with adaptation lora`, {
      hint: 'set freezeVision to false, or train an adapter',
    });
  if (recipe.stage === 'grpo') rewardConfigOf(recipe, name);
  return recipe;
}

/** The contract of a recipe's answers. */
export const contractOf = ({ contract, recipe }: TrainingRecipe): AnswerContract =>
  contract ?? recipe;

/**
 * The reward of a recipe.
 *
 * @throws GeorError `config` for a reward that is none
 */
export function rewardConfigOf(
  { recipe, reward }: Pick<GrpoRecipe, 'recipe' | 'reward'>,
  name = 'the recipe',
): z.output<typeof rewardConfigSchema> {
  const parsed = rewardConfigSchema.safeParse({ recipe, ...reward });
  if (parsed.success) return parsed.data;
  throw new GeorError('config', `${name}, reward: ${z.prettifyError(parsed.error)}`);
}

/** Steps of a run over so many rows. */
export function stepsOf(recipe: TrainingRecipe, rows: number): number {
  const perStep = recipe.stage === 'sft' ? recipe.batchSize : recipe.promptsPerStep;
  return recipe.steps ?? Math.max(1, Math.ceil((recipe.epochs * rows) / perStep));
}
