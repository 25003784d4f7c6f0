/**
 * The flags of `geor train`, and the settings of a recipe that they change.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parse } from 'yaml';
import { type Fields, GeorError, mergeFields } from '../../core/index.ts';
import { parseColumns } from '../../data/index.ts';
import { rewardNames } from '../../rewards/index.ts';
import { providerOption } from '../provider.ts';
import { wholeNumber } from '../whole-number.ts';

/** The flags, read. */
export interface TrainFlags {
  readonly config?: string;
  readonly data?: string[];
  readonly evalData?: string[];
  readonly model?: string;
  readonly adapter?: string;
  readonly columns?: string;
  readonly photos?: string;
  readonly limit?: number;
  readonly evalLimit?: number;
  readonly maxPixels?: number;
  readonly lora?: number | true;
  readonly full?: true;
  readonly steps?: number;
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly batchSize?: number;
  readonly prompts?: number;
  readonly groupSize?: number;
  readonly reward?: string;
  readonly variant?: 'paper' | 'released';
  readonly seed?: number;
  readonly set?: readonly string[];
  readonly threads?: number;
  readonly provider?: string;
  readonly output?: string;
  readonly resume?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It is a number above 0.');
};

/** Adds the flags of a stage. */
export function addTrainFlags(command: Command, stage: 'sft' | 'grpo'): Command {
  command
    .option('--config <file>', 'the recipe, YAML')
    .option(
      '--data <input...>',
      'rows with pictures (.csv .jsonl .parquet), folders, earth:?count=N',
    )
    .option('--eval-data <input...>', 'held-out rows, answered before and after')
    .option('--model <model>', 'a model folder, shipped, or a new one: tiny, 5m, 25m')
    .option('--adapter <folder>', 'go on with this LoRA adapter of the model')
    .option('--columns <names>', 'columns: id=,lat=,lon=,photo=NAME')
    .option('--photos <folder>', 'folder that the paths of pictures start from')
    .option('--limit <n>', 'rows of the data at most', wholeNumber(1))
    .option('--eval-limit <n>', 'held-out rows at most', wholeNumber(1))
    .option('--max-pixels <n>', 'pixels of a picture at most', wholeNumber(784))
    .option('--lora [rank]', 'train an adapter', wholeNumber(1))
    .option('--full', 'train all parameters')
    .option('--steps <n>', 'steps, instead of epochs', wholeNumber(1))
    .option('--epochs <n>', 'passes over the data', positive)
    .option('--learning-rate <x>', 'the highest learning rate', positive);
  if (stage === 'sft') command.option('--batch-size <n>', 'rows a step', wholeNumber(1));
  else
    command
      .option('--prompts <n>', 'prompts a step', wholeNumber(1))
      .option('--group-size <n>', 'completions of each prompt', wholeNumber(2))
      .option(
        '--reward <name|file>',
        `${rewardNames.join(', ')}, or a file as geor serve takes it`,
      );
  return command
    .addOption(
      new Option('--variant <name>', 'the paper’s numbers, or those of its code').choices([
        'paper',
        'released',
      ]),
    )
    .option('--seed <n>', 'seed of everything random', wholeNumber(0, 2 ** 31 - 1))
    .option(
      '--set <name=value>',
      'any setting of the recipe, lora.alpha=32 written so',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option('--threads <n>', 'threads of the engine (default: all cores)', wholeNumber(1, 1024))
    .addOption(providerOption())
    .option('-o, --output <folder>', `the run's folder (default: runs/${stage}, or -2, -3, ...)`)
    .option('--resume', 'go on with the run in the folder of -o')
    .option('--dry-run', 'say what would be trained on what, and train nothing')
    .option('--json', 'print how it ended as one JSON document');
}

/** The settings that flags change, for `trainingRecipe`. */
export function overridesOf(flags: TrainFlags): Fields {
  if (flags.lora !== undefined && flags.full)
    throw new GeorError('usage', '--lora and --full exclude each other');
  const given: Record<string, unknown> = {
    ...picked(flags, 'data', 'evalData', 'model', 'adapter', 'photos', 'limit', 'evalLimit'),
    ...picked(flags, 'maxPixels', 'steps', 'epochs', 'learningRate', 'batchSize', 'groupSize'),
    ...picked(flags, 'seed'),
    ...(flags.prompts !== undefined && { promptsPerStep: flags.prompts }),
    ...(flags.columns !== undefined && { columns: parseColumns(flags.columns) }),
    ...(flags.full && { adaptation: 'full' }),
    ...(flags.lora !== undefined && { adaptation: 'lora' }),
    // the product counts alpha / rank times: a rank alone keeps it at twice
    ...(typeof flags.lora === 'number' && { lora: { rank: flags.lora, alpha: 2 * flags.lora } }),
    ...((flags.reward !== undefined || flags.variant !== undefined) && {
      reward: rewardOf(flags),
    }),
  };
  return (flags.set ?? []).reduce((fields, text) => mergeFields(fields, settingOf(text)), given);
}

function picked(flags: TrainFlags, ...names: readonly (keyof TrainFlags)[]): Fields {
  return Object.fromEntries(
    names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  );
}

function rewardOf({ reward, variant }: TrainFlags): Fields {
  const own = variant === undefined ? {} : { variant };
  if (reward === undefined) return own;
  if (rewardNames.includes(reward)) return { recipe: reward, ...own };
  if (!existsSync(reward))
    throw new GeorError('usage', `there is no reward ${reward}`, {
      hint: `give ${rewardNames.join(', ')}, or a file with a reward's configuration`,
    });
  const content: unknown = parse(readFileSync(reward, 'utf8'));
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new GeorError('config', `${reward} holds no configuration of a reward`);
  return { ...content, ...own };
}

/** `lora.alpha=32` as `{ lora: { alpha: 32 } }`; values are YAML. */
function settingOf(text: string): Fields {
  const [, path, value] = /^([A-Za-z][\w.]*)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined)
    throw new GeorError('usage', `cannot read --set ${text}`, { hint: 'write --set name=value' });
  return path
    .split('.')
    .reduceRight<unknown>((inner, name) => ({ [name]: inner }), parse(value)) as Fields;
}
