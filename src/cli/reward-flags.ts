/**
 * The flags that say which reward, for `geor reward` and `geor serve`, and how their texts are read.
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  GEO_R_EXTRAS,
  type PenaltyLengths,
  type RewardConfig,
  type RewardVariant,
  rewardConfigSchema,
  rewardNames,
  WEIGHT_PRESETS,
  type WeightChoice,
} from '../rewards/index.ts';
import type { ModelFlags } from './reward-models.ts';

/** The flags, read. */
export interface RewardFlags extends ModelFlags {
  readonly recipe: string;
  readonly variant: RewardVariant;
  readonly weights?: WeightChoice;
  readonly extras?: Readonly<Record<string, number>>;
  readonly lengths?: PenaltyLengths;
}

const presets = Object.entries(WEIGHT_PRESETS).map(
  ([recipe, weights]) => `  ${recipe}: ${Object.keys(weights).join(', ')}\n`,
);

/** What the help says about weights and models. */
export const MODELS_HELP = `Without --embed-model names are compared with the gazetteer, as the part nameMatch.

Presets of --weights:
${presets.join('')}`;

/** Said where GeoAgent's semantic part is replaced. */
export const GEOAGENT_NOTE =
  'note: no encoder; names are compared with the gazetteer (nameMatch)\n';

/** Adds the flags. */
export function addRewardFlags(command: Command): Command {
  return command
    .addOption(new Option('--recipe <name>', 'whose reward').choices(rewardNames).default('geo-r'))
    .addOption(
      new Option('--variant <name>', 'as the paper prints it or as the authors released it')
        .choices(['paper', 'released'])
        .default('paper'),
    )
    .option('--weights <preset|part=n,...>', 'weights of globe or geoagent', weightsOf)
    .option('--extras <part[=weight],...>', `geo-r: ${GEO_R_EXTRAS.join(', ')}`, extrasOf)
    .option('--lengths <group|min-max>', 'geoagent: how the length penalty measures', lengthsOf)
    .option('--judge-url <url>', 'OpenAI-compatible server of the judge; key in GEOR_JUDGE_KEY')
    .option('--judge-model <name>', 'its model')
    .option('--embed-url <url>', 'likewise for embeddings; key in GEOR_EMBED_KEY')
    .option('--embed-model <name>', 'its model; without --embed-url a folder or hub id, run here')
    .option('--cache <folder>', 'keep what models answered, and never ask it again')
    .option('--concurrency <n>', 'calls to a server at once', positive, 8)
    .option('--timeout <seconds>', 'how long a call may take', positive, 60);
}

/** The configuration that the flags say. */
export const configOf = (flags: RewardFlags): RewardConfig =>
  rewardConfigSchema.parse({
    recipe: flags.recipe,
    variant: flags.variant,
    weights: flags.weights,
    extras: flags.extras,
    lengths: flags.lengths,
    ...(flags.judgeUrl && { judge: { url: flags.judgeUrl, model: flags.judgeModel } }),
    ...(flags.embedModel && { embedder: { url: flags.embedUrl, model: flags.embedModel } }),
  });

/** A whole number above 0. */
export function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It is a whole number above 0.');
  return Number(text);
}

/** `a=1,b` as pairs; a part without a number has the weight `bare`, or is refused. */
function pairsOf(text: string, bare: number | undefined): Record<string, number> {
  const pairs = text.split(',').map((item) => {
    const [, part, , number] = /^\s*(\w+)(=(\d*\.?\d+))?\s*$/.exec(item) ?? [];
    const weight = number === undefined ? bare : Number(number);
    if (part === undefined || weight === undefined)
      throw new InvalidArgumentError(`'${item}' is not part=number.`);
    return [part, weight] as const;
  });
  return Object.fromEntries(pairs);
}

/** `readme` or `accuracy=1,format=0`. */
export const weightsOf = (text: string): WeightChoice =>
  text.includes('=') ? pairsOf(text, undefined) : text;

/** `levels` (weight 0: only reported) or `levels=0.5`. */
export function extrasOf(text: string): Record<string, number> {
  const extras = pairsOf(text, 0);
  const names: readonly string[] = GEO_R_EXTRAS;
  const strange = Object.keys(extras).find((name) => !names.includes(name));
  if (strange)
    throw new InvalidArgumentError(`There is no '${strange}', only ${names.join(', ')}.`);
  return extras;
}

/** `group` or `90-200`. */
export function lengthsOf(text: string): PenaltyLengths {
  if (text === 'group') return text;
  const [, min, max] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (min === undefined) throw new InvalidArgumentError('It is group, or characters as 90-200.');
  return { min: Number(min), max: Number(max) };
}
