/**
 * `geor synthesize`: coordinates to training rows.
 * @module
 */
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  ANSWER_CONTRACTS,
  type AnswerContract,
  type PromptCondition,
  type PromptStyle,
} from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import {
  DEFAULT_MAX_PIXELS,
  gazetteerChecksum,
  hasThreads,
  inlinePool,
  isEarthAddress,
  parseColumns,
  type RenderOptions,
  type RenderPool,
  ROW_FORMATS,
  type RowFormatName,
  rejectLine,
  rejectsPath,
  renderInputs,
  type Split,
  type Stage,
  type Tally,
  threadPool,
  writeSynthesis,
} from '../data/index.ts';
import { type OpenedInput, openInput } from './synthesize-inputs.ts';
import { version } from './version.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly recipe: AnswerContract;
  readonly prompt: PromptCondition;
  readonly style: PromptStyle;
  readonly stage: Stage;
  readonly format: RowFormatName;
  readonly decimals?: number;
  readonly columns?: string;
  readonly photos?: string;
  readonly maxPixels: number;
  readonly split?: Split;
  readonly count: number;
  readonly seed: number;
  readonly size: number;
  readonly span: number;
  readonly limit?: number;
  readonly threads?: number;
  readonly journalItems?: number;
  readonly resume?: true;
  readonly dryRun?: true;
  readonly output?: string;
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
    .description('coordinates to training rows, in the words of a recipe')
    .argument('<input...>', 'CSV, TSV, JSONL or Parquet files, folders of photographs, or earth:')
    .addOption(
      new Option('--recipe <name>', 'answer contract').choices(ANSWER_CONTRACTS).default('geo-r'),
    )
    .addOption(
      new Option('--prompt <condition>', 'Chain of Region, chain of thought or the answer alone')
        .choices(['cor', 'cot', 'direct'])
        .default('cor'),
    )
    .addOption(
      new Option('--style <style>', 'wording of the prompt')
        .choices(['full', 'short'])
        .default('full'),
    )
    .addOption(
      new Option('--stage <stage>', 'rows with answers, or prompts with the truth for a reward')
        .choices(['sft', 'grpo'])
        .default('sft'),
    )
    .addOption(
      new Option('--format <format>', 'ms-swift and LLaMA-Factory; verl; or TRL')
        .choices(ROW_FORMATS)
        .default('messages'),
    )
    .option('--decimals <n>', 'decimals of the coordinate (default: 4)', wholeNumber(0, 10))
    .option('--columns <names>', 'columns: id=,lat=,lon=,photo=,country=,region=,city=NAME')
    .option('--photos <folder>', 'photographs of the rows, named by --columns photo= or by id')
    .option(
      '--max-pixels <n>',
      'photographs: most pixels, larger ones are scaled down',
      wholeNumber(28 * 28, 2 ** 28),
      DEFAULT_MAX_PIXELS,
    )
    .addOption(
      new Option('--split <part>', 'earth: only this part of the globe').choices(['train', 'test']),
    )
    .option('--count <n>', 'earth: number of points', wholeNumber(1, 10_000_000), 1000)
    .option('--seed <n>', 'earth: which points', wholeNumber(0, Number.MAX_SAFE_INTEGER), 0)
    .option('--size <px>', 'earth: side of a picture in pixels', wholeNumber(1, 2048), 56)
    .option('--span <degrees>', 'earth: height of a picture in degrees of latitude', degrees, 12)
    .option(
      '--limit <n>',
      'stop after this many rows of input',
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    )
    .option('--threads <n>', 'threads that write rows (default: by the input)', wholeNumber(0, 64))
    .addOption(
      new Option('--journal-items <n>', 'rows between two points to resume from')
        .argParser(wholeNumber(1, Number.MAX_SAFE_INTEGER))
        .hideHelp(),
    )
    .option('--resume', 'go on where a run with the same arguments stopped')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('-o, --output <file>', 'rows to this file, pictures to images/ beside it')
    .addHelpText(
      'after',
      '\nA row that cannot be used goes to FILE.rejects.jsonl with its reason, and the exit code is 1.\n' +
        'FILE.card.json says what is in FILE. Pictures are written with -o only, without metadata and\n' +
        'under names made from their pixels.\n' +
        '\nExamples:\n' +
        '  geor synthesize earth: --count 500 --split train -o train.jsonl\n' +
        '  geor synthesize mp16.csv --photos mp16/ --recipe globe --prompt cot -o globe.jsonl\n' +
        '  geor synthesize photos.csv --prompt direct --columns lat=Y,lon=X > rows.jsonl',
    )
    .action(run);
}

async function run(inputs: readonly string[], flags: Flags): Promise<void> {
  const opened = openInputs(inputs, flags);
  const hasImages = opened.some(({ hasPictures }) => hasPictures);
  const { recipe: contract, prompt: condition, style, stage, format, decimals } = flags;
  const render = { contract, condition, style, stage, format, decimals, hasImages };
  const items = opened.reduce((total, { estimatedItems }) => total + estimatedItems, 0);
  const expected = Math.min(items, flags.limit ?? Number.POSITIVE_INFINITY);
  const threads = threadsFor(flags, expected, hasImages);
  if (flags.dryRun) {
    describePlan(opened, flags, expected, threads);
    return;
  }
  const pool = () => (threads > 0 ? threadPool(render, threads) : inlinePool(render));
  const rejected = await (flags.output === undefined
    ? toStdout(opened, pool(), flags)
    : toFile(opened, pool, { ...flags, output: flags.output }, render, expected));
  if (rejected > 0 && process.exitCode === undefined) process.exitCode = 1;
}

/** Everything that can be wrong about the command is found here, before the assets are read. */
function openInputs(inputs: readonly string[], flags: Flags): OpenedInput[] {
  const { split, seed, count, span, size, maxPixels, photos, output } = flags;
  const refuse = (what: string, hint: string): GeorError => new GeorError('usage', what, { hint });
  if (split && !inputs.some(isEarthAddress)) {
    throw refuse(
      '--split is a part of the globe and needs earth:',
      'rows of files are not split; give the file of one part',
    );
  }
  if (output === undefined) {
    const needing = [
      flags.resume && '--resume',
      photos && '--photos',
      flags.format === 'verl' && '--format verl',
    ].find(Boolean);
    if (needing) throw refuse(`${needing} needs -o FILE`, 'rows on stdout have no place for it');
  }
  return inputs.map((input) =>
    openInput(input, {
      columns: flags.columns === undefined ? {} : parseColumns(flags.columns),
      points: { seed, count, split },
      tiles: { spanDegrees: span, sizePx: size },
      photos,
      maxPixels,
      canHavePictures: output !== undefined,
    }),
  );
}

/** Below this many rows the start of threads takes longer than they save. */
const ROWS_WORTH_THREADS = 400_000;
/** More would wait for this one, which reads and writes. */
const MOST_THREADS = 4;

function threadsFor(flags: Flags, expected: number, hasImages: boolean): number {
  if (!hasThreads) return 0;
  if (flags.threads !== undefined) return flags.threads;
  // Pictures take far longer than rows, and are made elsewhere.
  if (hasImages || expected < ROWS_WORTH_THREADS) return 0;
  // On two cores they save a quarter of the time (measured) for nearly twice the memory.
  const cores = availableParallelism();
  return cores < 3 ? 0 : Math.min(cores - 1, MOST_THREADS);
}

function describePlan(
  opened: readonly OpenedInput[],
  { output, format, stage, recipe, prompt }: Flags,
  expected: number,
  threads: number,
): void {
  for (const { name, estimatedItems, hasPictures } of opened) {
    const pictures = hasPictures ? ', with pictures' : '';
    process.stdout.write(`read     ${name}: about ${estimatedItems} rows${pictures}\n`);
  }
  process.stdout.write(
    `write    about ${expected} rows, ${recipe} ${prompt}, ${stage}, ${format}\n`,
  );
  process.stdout.write(`to       ${output ?? 'stdout'}\n`);
  process.stdout.write(`threads  ${threads === 0 ? 'this one' : threads}\n`);
}

async function toStdout(
  opened: readonly OpenedInput[],
  pool: RenderPool,
  flags: Flags,
): Promise<number> {
  const options = { skip: 0, limit: flags.limit ?? Number.POSITIVE_INFINITY };
  const inputs = opened.map((input) => input.open());
  let rejected = 0;
  try {
    for await (const { rendered, failures } of renderInputs(inputs, pool, options)) {
      for (const failure of failures) process.stderr.write(`${rejectLine(failure)}\n`);
      rejected += failures.length;
      // The lines are good until the next batch, so they have to be gone by then.
      await new Promise((resolve) => process.stdout.write(rendered.lines, resolve));
    }
  } finally {
    await pool.close();
  }
  if (rejected > 0) process.stderr.write(`rejected: ${rejected}\n`);
  return rejected;
}

async function toFile(
  opened: readonly OpenedInput[],
  makePool: () => RenderPool,
  flags: Flags & { readonly output: string },
  render: RenderOptions,
  expected: number,
): Promise<number> {
  const { output: path, limit, journalItems } = flags;
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once('SIGINT', onInterrupt);
  const pool = makePool();
  const progress = new Progress(expected);
  try {
    const { tally, isInterrupted, resumedFrom } = await writeSynthesis(
      opened.map((input) => input.open()),
      pool,
      {
        ...{ path, render, limit, signal: stop.signal },
        identity: await identityOf(opened, flags),
        resume: flags.resume ?? false,
        ...(journalItems !== undefined && { journalItems }),
        onProgress: (now) => progress.show(now),
      },
    );
    progress.clear();
    report(path, tally, isInterrupted, resumedFrom);
    if (isInterrupted) process.exitCode = 130;
    return tally.items - tally.rows;
  } finally {
    process.off('SIGINT', onInterrupt);
    await pool.close();
  }
}

/** All that decides the bytes of the rows. */
async function identityOf(
  opened: readonly OpenedInput[],
  flags: Flags,
): Promise<Record<string, unknown>> {
  const { recipe, prompt, style, stage, format, decimals, columns, photos, maxPixels, limit } =
    flags;
  const inputs: object[] = [];
  for (const input of opened) inputs.push(await input.fingerprint());
  return {
    ...{ geor: version, recipe, prompt, style, stage, format, decimals, columns, limit },
    ...(opened.some(({ hasPictures }) => hasPictures) && { photos, maxPixels }),
    inputs,
    gazetteer: gazetteerChecksum(),
  };
}

function report(path: string, tally: Tally, isInterrupted: boolean, resumedFrom: number): void {
  const rejected = tally.items - tally.rows;
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  if (resumedFrom > 0) say(`resumed after ${resumedFrom} rows of input`);
  if (isInterrupted) {
    say(`interrupted after ${tally.items} rows of input; the same command with --resume goes on`);
    return;
  }
  say(`${path}: ${tally.rows} rows`);
  for (const [level, findings] of Object.entries(tally.labels)) {
    const { agrees = 0, ...others } = findings;
    const told = Object.entries(others).map(([finding, count]) => `${count} ${finding}`);
    say(`labels: ${level}: ${[`${agrees} agree`, ...told].join(', ')}`);
  }
  if (rejected === 0) return;
  const reasons = Object.entries(tally.rejects).map(([code, count]) => `${count} ${code}`);
  say(`rejected: ${rejected} (${reasons.join(', ')}), see ${rejectsPath(path)}`);
}

const SHOW_EVERY_MS = 200;

/** One line on stderr for a person watching: rows, speed, time left. */
class Progress {
  readonly #expected: number;
  readonly #start = performance.now();
  #first: number | undefined;
  #shown = 0;

  constructor(expected: number) {
    this.#expected = expected;
  }

  show({ items, rows }: Readonly<Tally>): void {
    if (!process.stderr.isTTY) return;
    const now = performance.now();
    this.#first ??= items;
    if (now - this.#shown < SHOW_EVERY_MS) return;
    this.#shown = now;
    const perSecond = ((items - this.#first) * 1000) / (now - this.#start);
    const secondsLeft = Math.max(0, this.#expected - items) / perSecond;
    const left = Number.isFinite(secondsLeft) ? `, ${timeText(secondsLeft)} left` : '';
    process.stderr.write(
      `\r\u001b[K${rows} rows, ${items - rows} rejected, ${Math.round(perSecond)}/s${left}`,
    );
  }

  clear(): void {
    if (this.#shown > 0) process.stderr.write('\r\u001b[K');
  }
}

const timeText = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
