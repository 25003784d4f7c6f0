/**
 * The flags of `geor locate`.
 * @module
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { AnswerContract, PromptCondition } from '../chain/index.ts';
import { DEFAULT_MAX_PIXELS } from '../data/index.ts';
import {
  DEFAULT_POINT_METHOD,
  POINT_METHODS,
  type PointMethod,
  PRECISIONS,
  type Precision,
} from '../locate/index.ts';
import { addConnectionFlags, type ConnectionFlags } from './backend-connection.ts';
import { wholeNumber } from './whole-number.ts';

/** How results are written. */
export type LocateFormat = 'text' | 'json' | 'jsonl' | 'csv' | 'geojson';

/** The flags about the backend, shared with `geor evaluate --backend`. */
export interface BackendFlags extends ConnectionFlags {
  readonly concurrency?: number;
  readonly timeout: number;
  readonly retries: number;
  readonly structured: 'auto' | 'off';
  readonly threads?: number;
}

/** The flags about what is asked. */
export interface AskFlags {
  readonly samples: number;
  readonly recipe: AnswerContract;
  readonly prompt: PromptCondition;
  readonly temperature?: number;
  readonly topP: number;
  readonly maxTokens?: number;
  readonly maxPixels: number;
  readonly seed: number;
}

/** What the command was asked. */
export interface LocateFlags extends BackendFlags, AskFlags {
  readonly consensus: PointMethod;
  readonly thresholdKm: number;
  readonly calibration?: string;
  readonly precision: Precision;
  readonly policy?: string;
  readonly gazetteer?: string;
  readonly limit?: number;
  readonly dryRun?: true;
  readonly priceIn?: number;
  readonly priceOut?: number;
  readonly resume?: true;
  readonly format?: LocateFormat;
  readonly json?: true;
  readonly output?: string;
}

/** Reads a number between two bounds, both included. */
function numberBetween(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= low && value <= high))
      throw new InvalidArgumentError(`It has to be a number from ${low} to ${high}.`);
    return value;
  };
}

const HELP = `
A picture goes to the backend as pixels and nothing else: metadata, thumbnails and
the file's name stay here. A backend on another machine has to be allowed with
--allow-remote and is named on every run. Its key comes from the environment.

The samples of a picture become one point (--consensus), a chain in which every
level is voted inside the one above, and radii that hold half and nine tenths of the
samples; with --calibration, or a calibration.json for these settings in the model's
folder, they are radii that hold the truth so often.

With -o, rows gather in FILE.partial.jsonl as they are done; --resume goes on there
after a crash, asks again about what failed, and ends with the same file.

Examples:
  geor locate harbour.jpg --backend http://127.0.0.1:8000/v1
  geor locate photos/ -k 16 --backend http://127.0.0.1:8000/v1 -o places.csv --resume
  geor locate earth:60.39,5.32`;

/** Adds the flags that say which model to ask and how to reach it. */
export function addBackendFlags(command: Command): Command {
  return addConnectionFlags(command)
    .option(
      '--concurrency <n>',
      'pictures at once (default: 4, or 1 in this process)',
      wholeNumber(1, 1024),
    )
    .option('--timeout <seconds>', 'how long an answer may take', wholeNumber(1, 86_400), 120)
    .option('--retries <n>', 'further tries when a server is busy or lost', wholeNumber(0, 100), 4)
    .addOption(
      new Option('--structured <when>', 'have the server keep answers in shape, where it can')
        .choices(['auto', 'off'])
        .default('auto'),
    )
    .option('--threads <n>', 'threads of a model in this process', wholeNumber(1, 1024));
}

/** Adds the flags that say what is asked. */
export function addAskFlags(command: Command, samples: number): Command {
  return command
    .option('-k, --samples <n>', 'answers per picture', wholeNumber(1, 256), samples)
    .addOption(
      new Option('--recipe <name>', 'which answer is asked for')
        .choices(['geo-r', 'globe', 'geoagent', 'json'])
        .default('geo-r'),
    )
    .addOption(
      new Option('--prompt <condition>', 'the answer alone, with reasoning, or by regions')
        .choices(['direct', 'cot', 'cor'])
        .default('cor'),
    )
    .option('--temperature <t>', 'of sampling (default: 0.7; 0 with -k 1)', numberBetween(0, 2))
    .option(
      '--top-p <p>',
      'sample from the tokens that make up this probability',
      numberBetween(0.01, 1),
      1,
    )
    .option(
      '--max-tokens <n>',
      'length of an answer (default: by recipe)',
      wholeNumber(1, 1_000_000),
    )
    .option(
      '--max-pixels <n>',
      'scale larger pictures down to this',
      wholeNumber(784, 2 ** 26),
      DEFAULT_MAX_PIXELS,
    )
    .option('--seed <n>', 'seed of the sampling', wholeNumber(0, 2 ** 31 - 1), 0);
}

/** The command, without its action. */
export function locateCommand(): Command {
  const command = new Command('locate')
    .description('where photographs were taken: chain, coordinate, radii, clues')
    .argument('<input...>', 'photographs, folders, - for standard input, or earth:LAT,LON');
  addBackendFlags(command);
  addAskFlags(command, 8);
  return command
    .addOption(
      new Option('--consensus <method>', 'how samples become one point')
        .choices(POINT_METHODS)
        .default(DEFAULT_POINT_METHOD),
    )
    .option(
      '--threshold-km <km>',
      'distance of --consensus threshold',
      numberBetween(0.1, 10_000),
      25,
    )
    .option('--calibration <file>', 'radii from held-out pictures, made by geor calibrate')
    .addOption(
      new Option('--precision <level>', 'tell no more than this; the rest is not kept either')
        .choices(PRECISIONS)
        .default('point'),
    )
    .option('--policy <file>', 'disputed areas under another country: JSON, {"area": "XX" or null}')
    .option('--gazetteer <file>', 'names and borders of this gazetteer instead of the built-in one')
    .option('--limit <n>', 'stop after this many pictures', wholeNumber(1))
    .option('--dry-run', 'say what would be asked and what would leave the machine; ask nothing')
    .option(
      '--price-in <x>',
      'with --dry-run: price of a million tokens read',
      numberBetween(0, 1e6),
    )
    .option(
      '--price-out <x>',
      'with --dry-run: price of a million tokens written',
      numberBetween(0, 1e6),
    )
    .option('--resume', 'go on with the rows of a run that was cut short')
    .addOption(
      new Option('--format <format>', 'how to write results')
        .choices(['text', 'json', 'jsonl', 'csv', 'geojson'])
        .conflicts('json'),
    )
    .option('--json', 'one JSON document: a result, or a list for several pictures')
    .option('-o, --output <file>', 'write to this file, whole or not at all')
    .addHelpText('after', HELP);
}
