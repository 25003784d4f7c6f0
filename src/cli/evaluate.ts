/**
 * `geor evaluate`: predictions against truth.
 * @module
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { ANSWER_CONTRACTS, type AnswerContract } from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import { writeFileAtomic } from '../core/node/index.ts';
import { defaultGazetteer } from '../data/index.ts';
import {
  type Comparison,
  compareRuns,
  type DistanceKind,
  type EvaluateOptions,
  type Evaluation,
  evaluateRows,
  FailureLog,
  formatComparison,
  formatEvaluation,
  type Grouping,
  LOCATABILITY_COLUMN,
  parseRowColumns,
  type ReadingMode,
  type RowColumns,
  type RunComparison,
  readPredictions,
  readTruth,
  SCENE_COLUMN,
  type ScoredRows,
  scorePredictions,
  THRESHOLDS_KM,
  type TruthTable,
  truthTable,
} from '../evaluate/index.ts';
import { reverseGeocode } from '../geo/index.ts';

interface Flags {
  readonly truth?: string;
  readonly predictions?: string;
  readonly columns?: string;
  readonly truthColumns?: string;
  readonly contract: AnswerContract;
  readonly reading: ReadingMode;
  readonly comparison: Comparison;
  readonly distance: DistanceKind;
  readonly thresholds: readonly number[];
  readonly by: readonly Grouping[];
  readonly levels: boolean;
  readonly confidenceKm: number;
  readonly against?: string;
  readonly seed: number;
  readonly resamples: number;
  readonly json?: true;
  readonly output?: string;
}

/** How many unreadable lines are named before the rest is only counted. */
const SHOWN_FAILURES = 10;

const MAX_RESAMPLES = 100_000;

function kilometres(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0) || !Number.isFinite(value))
    throw new InvalidArgumentError('It has to be kilometres, 0 or more.');
  return value;
}

const thresholds = (text: string): number[] =>
  [...new Set(text.split(',').map(kilometres))].sort((a, b) => a - b);

function whole(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high)
      throw new InvalidArgumentError(`It has to be a whole number from ${low} to ${high}.`);
    return value;
  };
}

/** `scene,locatability:2`: columns, each with the width of its buckets if it has any. */
function groupings(text: string): Grouping[] {
  return text.split(',').map((part) => {
    const [name = '', width, ...rest] = part.trim().split(':');
    const bucketWidth = Number(width);
    if (name === '' || rest.length > 0 || (width !== undefined && !(bucketWidth > 0)))
      throw new InvalidArgumentError('Write COLUMN or COLUMN:WIDTH, several with commas.');
    const column = name === 'scene' ? SCENE_COLUMN : name;
    return { column, ...(width !== undefined && { bucketWidth }) };
  });
}

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('evaluate')
    .description('predictions against truth: accuracy at five distances, with intervals')
    .option('--truth <file>', 'CSV or JSONL with id, lat, lon')
    .option('--predictions <file>', 'CSV or JSONL with id and lat, lon or completion')
    .option('--columns <names>', 'columns of the predictions: id=NAME,lat=NAME,lon=NAME')
    .option('--truth-columns <names>', 'columns of the truth: id=NAME,lat=NAME,lon=NAME')
    .addOption(
      new Option('--contract <name>', 'what completions look like')
        .choices(ANSWER_CONTRACTS)
        .default('geo-r'),
    )
    .addOption(
      new Option('--reading <mode>', 'whether an answer that had to be repaired counts')
        .choices(['tolerant', 'strict'])
        .default('tolerant'),
    )
    .addOption(
      new Option('--comparison <sign>', 'whether an answer on a threshold is within it')
        .choices(['<=', '<'])
        .default('<='),
    )
    .addOption(
      new Option('--distance <kind>', 'on the sphere or on the ellipsoid')
        .choices(['haversine', 'wgs84'])
        .default('haversine'),
    )
    .option('--thresholds <km>', 'distances, with commas', thresholds, [...THRESHOLDS_KM])
    .option(
      '--by <columns>',
      'break down by columns of the truth: COLUMN[:WIDTH],..',
      groupings,
      [],
    )
    .option('--no-levels', 'leave out everything that needs reverse geocoding')
    .option('--confidence-km <km>', 'a confidence is about being within this', kilometres, 25)
    .option('--against <file>', 'predictions of another run to compare with, picture by picture')
    .option('--seed <n>', 'seed of the bootstrap', whole(0, 2 ** 32 - 1), 0)
    .option('--resamples <n>', 'resamples of the bootstrap', whole(100, MAX_RESAMPLES), 1000)
    .option('--json', 'print one JSON document')
    .option('-o, --output <file>', 'write to this file')
    .addHelpText(
      'after',
      '\nAn absent or unreadable answer is wrong and stays in every denominator.\n' +
        'Prediction lines that cannot be read are listed on stderr, and the exit code is 1.\n' +
        'Scene classes (column S3_Label) and locatability are broken down where the truth has them.\n' +
        'In JSONL, a column name with dots reaches into objects: lat=ground_truth.lat.\n' +
        '\nExamples:\n' +
        '  geor evaluate --truth im2gps3k.csv --predictions answers.jsonl\n' +
        '  geor evaluate --truth t.csv --predictions p.csv --against q.csv --distance wgs84\n' +
        '  geor evaluate --truth t.csv --predictions p.csv --columns id=img_id,lat=y,lon=x --json',
    )
    .action(run);
}

/** A value that may be left out of a set of columns. */
const columnsOf = (text: string | undefined, flag: string): RowColumns =>
  text === undefined ? {} : parseRowColumns(text, flag);

function required(value: string | undefined, flag: string): string {
  if (value === undefined)
    throw new GeorError('usage', `${flag} is missing`, {
      hint: 'geor evaluate --truth FILE --predictions FILE',
    });
  return value;
}

function run(flags: Flags): void {
  const truthPath = required(flags.truth, '--truth');
  const predictionsPath = required(flags.predictions, '--predictions');
  const wanted = flags.by.map(({ column }) => column);
  const truth = truthTable(
    readTruth(truthPath, {
      columns: columnsOf(flags.truthColumns, '--truth-columns'),
      attributes: [...new Set([SCENE_COLUMN, LOCATABILITY_COLUMN, ...wanted])],
    }),
  );
  const options = optionsOf(flags, truth);
  const rows = score(predictionsPath, truth, flags, options);
  const evaluation = evaluateRows(rows, options);
  const comparison =
    flags.against === undefined
      ? undefined
      : compareRuns(rows, score(flags.against, truth, flags, options), options);
  print(flags, evaluation, comparison);
}

/** Columns to break down by: those asked for, and the ones that are always of interest. */
function optionsOf(flags: Flags, truth: TruthTable): EvaluateOptions {
  const present = new Set([...truth.attributes.keys()].map((name) => name.toLowerCase()));
  const usual = [SCENE_COLUMN, LOCATABILITY_COLUMN].filter((column) => present.has(column));
  const columns = [...(flags.levels ? ['continent'] : []), ...usual].filter(
    (name) => !flags.by.some(({ column }) => column.toLowerCase() === name),
  );
  return {
    distance: flags.distance,
    comparison: flags.comparison,
    contract: flags.contract,
    reading: flags.reading,
    thresholdsKm: flags.thresholds,
    confidenceKm: flags.confidenceKm,
    seed: flags.seed,
    resamples: flags.resamples,
    by: [...columns.map((column) => ({ column })), ...flags.by],
    ...(flags.levels && {
      reverseGeocode: (lat, lon) => reverseGeocode(defaultGazetteer(), lat, lon),
    }),
  };
}

function score(
  path: string,
  truth: TruthTable,
  flags: Flags,
  options: EvaluateOptions,
): ScoredRows {
  const failures = new FailureLog();
  const columns = columnsOf(flags.columns, '--columns');
  const rows = scorePredictions(truth, readPredictions(path, failures, { columns }), options);
  reportFailures(path, failures);
  return rows;
}

function print(flags: Flags, evaluation: Evaluation, against: RunComparison | undefined): void {
  const names = [flags.predictions ?? '', flags.against ?? ''] as const;
  const text = flags.json
    ? JSON.stringify({ ...evaluation, ...(against && { against }) }, null, 2)
    : [
        formatEvaluation(evaluation),
        ...(against ? [formatComparison(against, ...names)] : []),
      ].join('\n\n');
  if (flags.output === undefined) process.stdout.write(`${text}\n`);
  else writeFileAtomic(flags.output, `${text}\n`);
}

function reportFailures(path: string, { first, count }: FailureLog): void {
  if (count === 0) return;
  for (const { line, reason } of first.slice(0, SHOWN_FAILURES))
    process.stderr.write(`${path}:${line}: ${reason}\n`);
  const hidden = count - Math.min(SHOWN_FAILURES, first.length);
  if (hidden > 0) process.stderr.write(`and ${hidden} more lines\n`);
  process.stderr.write(`${count} lines of the predictions could not be read\n`);
  process.exitCode = 1;
}
