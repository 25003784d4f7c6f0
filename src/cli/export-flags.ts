/**
 * The flags of `geor export`.
 * @module
 */
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { PromptCondition, PromptStyle } from '../chain/index.ts';
import {
  ENGINES,
  type EngineName,
  MODEL_PRESETS,
  type ModelPresetName,
  RECIPES,
  type RecipeName,
} from '../engines/index.ts';
import { wholeNumber } from './whole-number.ts';

/** The flags, read. */
export interface ExportFlags {
  readonly stage: 'sft' | 'grpo';
  readonly recipe: RecipeName;
  readonly variant: 'paper' | 'released';
  readonly prompt?: PromptCondition;
  readonly style: PromptStyle;
  readonly model: string;
  readonly preset?: ModelPresetName;
  readonly adaptation?: 'lora' | 'full';
  readonly nodes: number;
  readonly gpus: number;
  readonly device: 'gpu' | 'cpu';
  readonly processes?: number;
  readonly sharedRoot?: readonly [local: string, shared: string];
  readonly validation?: readonly string[];
  readonly validationLimit: number;
  readonly rewardUrl?: string;
  readonly rewardConfig?: string;
  readonly set: readonly string[];
  readonly seed: number;
  readonly saveSteps: number;
  readonly run?: string;
  readonly engineVersion?: string;
  readonly columns?: string;
  readonly photos?: string;
  readonly size: number;
  readonly span: number;
  readonly limit?: number;
  readonly resume?: true;
  readonly dryRun?: true;
  readonly output: string;
}

const presets = Object.keys(MODEL_PRESETS);

const HELP = `
What comes out is a folder: data/ (rows and pictures), engine/ (configuration and adapters),
launch.sh and manifest.json. Numbers are those of recipes/RECIPE/STAGE.yaml; each of them and each
setting of the engine can be changed with --set. Nothing is started and nothing leaves the machine.

Examples:
  geor export trl mp16.csv --photos mp16/ --stage sft --model qwen2.5-vl-3b -o runs/sft
  geor export verl hard.csv --photos mp16/ --stage grpo --model /models/sft --adaptation lora \\
    --nodes 2 --shared-root /mnt/nfs=/shared -o /mnt/nfs/runs/grpo
  geor export swift rows.jsonl --stage grpo --recipe geoagent --set groupSize=16 -o runs/agent
  geor export trl earth:?count=64 --stage grpo --model ./tiny --device cpu -o runs/tiny`;

function mapping(text: string): readonly [string, string] {
  const [local, shared, ...rest] = text.split('=');
  if (!local || !shared?.startsWith('/') || rest.length > 0)
    throw new InvalidArgumentError('It is HERE=THERE, two folders, e.g. /mnt/nfs=/shared.');
  return [local, shared.replace(/\/+$/, '')];
}

function runName(text: string): string {
  if (/^[\w.-]{1,100}$/.test(text)) return text;
  throw new InvalidArgumentError('It has letters, digits, dots, lines and underscores.');
}

function address(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text.replace(/\/+$/, '');
  throw new InvalidArgumentError('It is an address such as http://10.0.0.1:8901.');
}

const collected = (value: string, before: readonly string[]): string[] => [...before, value];

function degrees(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 180) return value;
  throw new InvalidArgumentError('It has to be above 0 and at most 180 degrees.');
}

/** The command, with what it is to do. */
export function exportCommand(
  action: (engine: EngineName, inputs: readonly string[], flags: ExportFlags) => Promise<void>,
): Command {
  return new Command('export')
    .description('rows, configuration and adapters for a training engine')
    .addArgument(new Argument('<engine>', 'training engine').choices(ENGINES))
    .argument('<input...>', 'rows of geor synthesize; or CSV, JSONL, Parquet, photographs, earth:')
    .requiredOption('-o, --output <folder>', 'folder of the run')
    .addOption(
      new Option('--stage <stage>', 'supervised, or by reinforcement')
        .choices(['sft', 'grpo'])
        .makeOptionMandatory(),
    )
    .addOption(new Option('--recipe <name>', 'whose numbers').choices(RECIPES).default('geo-r'))
    .addOption(
      new Option('--variant <name>', "the paper's numbers, or those of the authors' code")
        .choices(['paper', 'released'])
        .default('paper'),
    )
    .addOption(
      new Option('--prompt <condition>', "instead of the recipe's").choices([
        'cor',
        'cot',
        'direct',
      ]),
    )
    .addOption(
      new Option('--style <style>', 'wording of the prompt')
        .choices(['full', 'short'])
        .default('full'),
    )
    .option('--model <model>', `${presets.join(', ')}; a folder or a hub id`, 'qwen2.5-vl-7b')
    .addOption(
      new Option('--preset <name>', 'whose shape the model has, if its folder is not here').choices(
        presets,
      ),
    )
    .addOption(
      new Option('--adaptation <kind>', 'adapters or all parameters').choices(['lora', 'full']),
    )
    .option('--nodes <n>', 'machines', wholeNumber(1, 4096), 1)
    .option('--gpus <n>', 'GPUs of each machine', wholeNumber(1, 16), 8)
    .addOption(new Option('--device <kind>').choices(['gpu', 'cpu']).default('gpu'))
    .option('--processes <n>', 'with --device cpu: processes that train', wholeNumber(1, 64))
    .option('--shared-root <here=there>', 'a folder here, and what the machines call it', mapping)
    .option('--validation <input...>', 'rows that are held out')
    .option('--validation-limit <n>', 'most rows that are held out', wholeNumber(1), 1000)
    .option('--reward-url <url>', 'the reward service; without it geor launch starts one', address)
    .option('--reward-config <file>', 'JSON: the reward as geor serve --rewards takes it')
    .option(
      '--set <name=value>',
      "a number of the recipe, or one of the engine's settings",
      collected,
      [],
    )
    .option('--seed <n>', 'seed of the run', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--save-steps <n>', 'steps between two checkpoints', wholeNumber(1), 50)
    .option('--run <name>', 'name of the run (default: that of its folder)', runName)
    .option('--engine-version <version>', 'version of the engine')
    .option('--columns <names>', 'columns: id=,lat=,lon=,photo=NAME')
    .option('--photos <folder>', 'photographs of the rows, named by --columns photo= or by id')
    .option('--size <px>', 'earth: side of a picture in pixels', wholeNumber(28, 2048), 56)
    .option('--span <degrees>', 'earth: height of a picture in degrees of latitude', degrees, 12)
    .option('--limit <n>', 'stop after this many rows of input', wholeNumber(1))
    .option('--resume', 'go on where an export with the same arguments stopped')
    .option('--dry-run', 'print what it would be and need, and do nothing')
    .addHelpText('after', HELP)
    .action(action);
}
