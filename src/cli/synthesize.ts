/**
 * `geor synthesize`: coordinates to training rows with Chain-of-Region answers.
 * @module
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { AnswerContract, PromptCondition, PromptStyle } from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import {
  type ColumnNames,
  defaultGazetteer,
  failureLine,
  failuresPath,
  isEarthAddress,
  type LandPointOptions,
  loadEarth,
  openFile,
  parseColumns,
  parseEarthAddress,
  type RowFailure,
  readEarth,
  type Source,
  type Split,
  type SynthesisCounts,
  type Synthesized,
  synthesize,
  type TileMaker,
  writeSynthesis,
} from '../data/index.ts';
import type { Gazetteer } from '../geo/index.ts';

interface Flags {
  readonly recipe: AnswerContract;
  readonly prompt: PromptCondition;
  readonly style: PromptStyle;
  readonly decimals?: number;
  readonly columns?: string;
  readonly split?: Split;
  readonly count: number;
  readonly seed: number;
  readonly size: number;
  readonly span: number;
  readonly limit?: number;
  readonly output?: string;
}

/** A flag's whole number between two bounds. */
function whole(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high) {
      throw new InvalidArgumentError(`It has to be a whole number from ${low} to ${high}.`);
    }
    return value;
  };
}

function degrees(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 180)) {
    throw new InvalidArgumentError('It has to be above 0 and at most 180 degrees.');
  }
  return value;
}

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('synthesize')
    .description('coordinates to training rows with Chain-of-Region answers')
    .argument('<input...>', 'CSV, TSV or JSONL files with coordinates, or earth:')
    .addOption(new Option('--recipe <name>', 'answer contract').choices(['geo-r']).default('geo-r'))
    .addOption(
      new Option('--prompt <condition>', 'Chain of Region, chain of thought or coordinates only')
        .choices(['cor', 'cot', 'direct'])
        .default('cor'),
    )
    .addOption(
      new Option('--style <style>', 'wording of the prompt')
        .choices(['full', 'short'])
        .default('full'),
    )
    .option('--decimals <n>', 'decimals of the coordinate (default: 4)', whole(0, 10))
    .option('--columns <names>', 'columns to read: id=NAME,lat=NAME,lon=NAME')
    .addOption(
      new Option('--split <part>', 'earth: only this part of the globe').choices(['train', 'test']),
    )
    .option('--count <n>', 'earth: number of points', whole(1, 10_000_000), 1000)
    .option('--seed <n>', 'earth: which points', whole(0, Number.MAX_SAFE_INTEGER), 0)
    .option('--size <px>', 'earth: side of a picture in pixels', whole(1, 2048), 56)
    .option('--span <degrees>', 'earth: height of a picture in degrees of latitude', degrees, 12)
    .option('--limit <n>', 'stop after this many points', whole(1, Number.MAX_SAFE_INTEGER))
    .option('-o, --output <file>', 'rows to this file, pictures to images/ beside it')
    .addHelpText(
      'after',
      '\nPictures are written for earth: with -o only; rows from files have none.\n' +
        'Rows that cannot be used are recorded in FILE.failures.jsonl, and the exit code is 1.\n' +
        '\nExamples:\n' +
        '  geor synthesize earth: --count 500 --split train -o train.jsonl\n' +
        '  geor synthesize photos.csv --prompt direct --columns lat=Y,lon=X > rows.jsonl',
    )
    .action(run);
}

async function run(inputs: readonly string[], flags: Flags): Promise<void> {
  const columns = flags.columns === undefined ? {} : parseColumns(flags.columns);
  if (flags.split && !inputs.some(isEarthAddress)) {
    throw new GeorError('usage', '--split is a part of the globe and needs earth:', {
      hint: 'rows of files are not split; give the file of one part',
    });
  }
  const points: LandPointOptions = { seed: flags.seed, count: flags.count, split: flags.split };
  // Everything that can be wrong about the command is found before the assets are read.
  const opened = inputs.map((input) => openInput(input, points, columns));
  const items = rows(opened, flags, defaultGazetteer());
  const counts = await (flags.output === undefined
    ? writeToStdout(items)
    : writeSynthesis(items, flags.output, progress()));
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  if (flags.output !== undefined) {
    process.stderr.write(`${flags.output}: ${counts.rows} rows\n`);
  }
  if (counts.failures > 0) {
    const where = flags.output === undefined ? '' : `, see ${failuresPath(flags.output)}`;
    process.stderr.write(`failed: ${counts.failures}${where}\n`);
    process.exitCode = 1;
  }
}

interface Opened {
  readonly hasTiles: boolean;
  readonly read: (gazetteer: Gazetteer) => Source;
}

function openInput(input: string, points: LandPointOptions, columns: ColumnNames): Opened {
  if (isEarthAddress(input)) {
    const options = parseEarthAddress(input, points);
    return { hasTiles: true, read: (gazetteer) => readEarth(options, gazetteer, loadEarth()) };
  }
  const source = openFile(input, columns);
  return { hasTiles: false, read: () => source };
}

/** The rows of all inputs, one after the other, up to the limit. */
async function* rows(
  opened: readonly Opened[],
  flags: Flags,
  gazetteer: Gazetteer,
): AsyncGenerator<Synthesized | RowFailure> {
  const { prompt: condition, recipe: contract, style, decimals } = flags;
  const options = { contract, condition, style, decimals };
  let left = flags.limit ?? Number.POSITIVE_INFINITY;
  for (const { hasTiles, read } of opened) {
    const tiles: TileMaker | undefined =
      hasTiles && flags.output !== undefined
        ? { earth: loadEarth(), spanDegrees: flags.span, sizePx: flags.size }
        : undefined;
    for await (const item of synthesize(read(gazetteer), options, gazetteer, tiles)) {
      yield item;
      if (--left <= 0) return;
    }
  }
}

async function writeToStdout(
  items: AsyncIterable<Synthesized | RowFailure>,
): Promise<SynthesisCounts> {
  const counts = { rows: 0, failures: 0 };
  for await (const item of items) {
    if (item.kind === 'failure') {
      counts.failures++;
      process.stderr.write(`${failureLine(item)}\n`);
    } else {
      counts.rows++;
      const hasRoom = process.stdout.write(`${JSON.stringify(item.row)}\n`);
      if (!hasRoom) await new Promise((resolve) => process.stdout.once('drain', resolve));
    }
  }
  return counts;
}

/** Counts on stderr, every thousand rows, for a person watching. */
function progress(): (counts: SynthesisCounts) => void {
  if (!process.stderr.isTTY) return () => {};
  return ({ rows, failures }) => {
    if ((rows + failures) % 1000 === 0) process.stderr.write(`\r${rows} rows, ${failures} failed`);
  };
}
