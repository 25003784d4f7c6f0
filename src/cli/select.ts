/**
 * `geor select`: which rows of a file to train on, at random, hard ones, or by country quotas.
 * @module
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { GeorError, random } from '../core/index.ts';
import {
  cardPath,
  cellPopulations,
  countryShares,
  countryStatistics,
  defaultGazetteer,
  GEOSEEK_WEIGHTS,
  HARD_RADIUS_KM,
  hardSelection,
  parseColumns,
  randomSelection,
  rejectsPath,
  type SelectionMethod,
  type SelectionProgress,
  type SelectionResult,
  selectionInput,
  selectRows,
  stratifiedSelection,
} from '../data/index.ts';
import { CORRECT_WITHIN_KM, type PopularFlags, popularPoints } from './popular-points.ts';
import { version } from './version.ts';
import { wholeNumber } from './whole-number.ts';

interface CommonFlags {
  readonly output: string;
  readonly seed: number;
  readonly columns?: string;
  readonly json?: true;
}

interface HardFlags extends CommonFlags, PopularFlags {
  readonly radiusKm: number;
  readonly count?: number;
}

interface StratifiedFlags extends CommonFlags {
  readonly count: number;
  readonly countryStatistics?: string;
  readonly redistribute: boolean;
}

/** A method, and what the data card is to say besides. */
interface Prepared {
  readonly method: SelectionMethod;
  readonly about?: Readonly<Record<string, unknown>>;
  /** Lines of other files than the input that could not be read. */
  readonly otherFailures?: string | undefined;
}

const MAX_KM = 20_016; // half a turn

function kilometres(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= MAX_KM))
    throw new InvalidArgumentError(`It has to be above 0 and at most ${MAX_KM} km.`);
  return value;
}

/** A subcommand with what all selections share. */
function selection(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<input>', 'CSV, TSV, JSONL or Parquet file with coordinates')
    .requiredOption('-o, --output <file>', 'the rows that are kept, as they stand in the input')
    .option('--seed <n>', 'which rows are drawn', wholeNumber(0), 0)
    .option('--columns <names>', 'columns of the input: id=NAME,lat=NAME,lon=NAME')
    .option('--json', 'print the data card')
    .exitOverride();
}

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('select')
    .description('rows to train on: a random sample, hard ones, or country quotas')
    .addCommand(
      selection('random', 'a uniform sample (MP16-Rand)')
        .requiredOption('--count <n>', 'rows to keep', wholeNumber(1))
        .action((input: string, flags: CommonFlags & { count: number }) =>
          run(input, flags, async () => ({ method: randomSelection(flags.count) })),
        ),
    )
    .addCommand(
      selection('hard', 'rows far from everything a model knows already (MP16-Hard)')
        .requiredOption('--popular <file>', 'popular points; or predictions, with --truth')
        .option('--truth <file>', 'truth of the predictions: those near enough are popular')
        .option(
          '--correct-within-km <km>',
          `how near an answer has to be to be correct (default: ${CORRECT_WITHIN_KM})`,
          kilometres,
        )
        .addOption(
          new Option('--contract <name>', 'how completions are read (default: geo-r)').choices([
            'geo-r',
            'globe',
            'geoagent',
            'json',
          ]),
        )
        .option('--popular-columns <names>', 'columns of the popular points or predictions')
        .option('--truth-columns <names>', 'columns of the truth')
        .option('--radius-km <km>', 'how far to stay from them', kilometres, HARD_RADIUS_KM)
        .option('--count <n>', 'rows to draw (default: all that are far enough)', wholeNumber(1))
        .action((input: string, flags: HardFlags) => run(input, flags, () => hard(flags))),
    )
    .addCommand(
      selection('stratified', 'country quotas by roads, people and area (GeoSeek)')
        .requiredOption('--count <n>', 'rows to keep', wholeNumber(1))
        .option('--country-statistics <file>', 'CSV: countryCode, roadKm, population, areaKm2')
        .option('--no-redistribute', 'leave out what countries are short of')
        .action((input: string, flags: StratifiedFlags) =>
          run(input, flags, async () => stratified(flags)),
        ),
    )
    .addHelpText(
      'after',
      '\nThe input is read twice. Rows keep their order and their text; those of Parquet become JSON\n' +
        'lines, without columns of raw bytes. FILE.card.json says what was kept and how. Lines that\n' +
        'cannot be read are recorded, and the exit code is 1.\n' +
        '\nExamples:\n' +
        '  geor select random mp16.csv --count 500000 --seed 1 -o rand.csv\n' +
        '  geor select hard mp16.csv --popular answers.jsonl --truth mp16.csv --count 200000 -o hard.csv\n' +
        '  geor select stratified mp16.csv --count 10000 -o geoseek.csv',
    );
}

async function hard(flags: HardFlags): Promise<Prepared> {
  const { points, about, failures } = await popularPoints(flags);
  const { radiusKm, count } = flags;
  const [first] = failures.first;
  return {
    method: hardSelection({ popular: points, radiusKm, count }),
    about: { popular: about },
    otherFailures:
      first &&
      `${failures.count} lines of ${flags.popular} could not be read, the first on line ` +
        `${first.line}: ${first.reason}`,
  };
}

function stratified({ count, seed, countryStatistics: path, redistribute }: StratifiedFlags) {
  const shares = countryShares(countryStatistics(path));
  const gazetteer = defaultGazetteer();
  const method = stratifiedSelection({
    count,
    shares,
    countries: gazetteer.countries,
    populations: cellPopulations(gazetteer),
    startOf: (code) => random(seed, 'select', 'cells', code).uniform(),
    redistributes: redistribute,
  });
  return {
    method,
    about: { countryStatistics: path ?? 'built in', countryWeights: GEOSEEK_WEIGHTS },
  };
}

async function run(
  path: string,
  flags: CommonFlags,
  prepare: () => Promise<Prepared>,
): Promise<void> {
  const { output, seed } = flags;
  if (resolve(path) === resolve(output))
    throw new GeorError('usage', `${output} is the input`, { hint: 'write to another file' });
  const columns = flags.columns === undefined ? {} : parseColumns(flags.columns);
  const input = await selectionInput(path, output, columns);
  const { method, about, otherFailures } = await prepare();
  const result = await selectRows(input, method, {
    output,
    seed,
    gazetteer: defaultGazetteer(),
    about: { geor: version, ...about },
    onProgress: progress(),
  });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.stderr.write(summary(method, result));
  if (flags.json) process.stdout.write(readFileSync(cardPath(output), 'utf8'));
  if (result.input.failures > 0)
    process.stderr.write(`failed: ${result.input.failures}, see ${rejectsPath(output)}\n`);
  if (otherFailures) process.stderr.write(`${otherFailures}\n`);
  if (result.input.failures > 0 || otherFailures) process.exitCode = 1;
}

const counted = (n: number): string => n.toLocaleString('en-US');

/** What happened, in a few lines. */
function summary(method: SelectionMethod, { input, eligible, output, details }: SelectionResult) {
  const leftOut = input.rows - eligible;
  const { radiusKm, popularPoints: points, count } = method.parameters;
  const why =
    method.name === 'hard'
      ? `within ${radiusKm} km of ${counted(Number(points))} popular points`
      : 'in no country, or in one without figures';
  const top = Object.entries(output.continents)
    .map(([continent, rows]) => `${continent} ${((100 * rows) / output.rows).toFixed(1)} %`)
    .join(', ');
  const places = (file: typeof input | typeof output) =>
    `${counted(file.rows)} rows in ${Object.keys(file.countries).length} countries`;
  const notes = Array.isArray(details['notes']) ? details['notes'].map(String) : [];
  if (typeof count === 'number' && output.rows < count)
    notes.push(`${counted(count)} rows were asked for`);
  return [
    `${output.path}: ${places(output)}, of ${places(input)}`,
    ...(leftOut > 0 ? [`left out: ${counted(leftOut)} rows ${why}`] : []),
    ...(output.rows > 0 ? [top] : []),
    ...notes.map((note) => `note: ${note}`),
    `card: ${cardPath(output.path)}`,
    '',
  ].join('\n');
}

/** Rows on stderr, now and then, for a person watching. */
function progress(): (progress: SelectionProgress) => void {
  let next = 0;
  return ({ pass, rows }) => {
    if (!process.stderr.isTTY || performance.now() < next) return;
    next = performance.now() + 200;
    process.stderr.write(`\r${pass === 1 ? 'counting' : 'drawing'}: ${counted(rows)} rows`);
  };
}
