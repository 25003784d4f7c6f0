/**
 * `geor evaluate`: predictions against truth.
 * @module
 */
import { Command, Option } from 'commander';
import { writeFileAtomic } from '../core/node/index.ts';
import { defaultGazetteer } from '../data/index.ts';
import {
  type Comparison,
  type DistanceKind,
  evaluatePredictions,
  formatEvaluation,
  type LineFailure,
  parseRowColumns,
  readPredictions,
  readTruth,
} from '../evaluate/index.ts';
import { reverseGeocode } from '../geo/index.ts';

interface Flags {
  readonly truth: string;
  readonly predictions: string;
  readonly columns?: string;
  readonly truthColumns?: string;
  readonly comparison: Comparison;
  readonly distance: DistanceKind;
  readonly levels: boolean;
  readonly json?: true;
  readonly output?: string;
}

/** How many unreadable lines are named before the rest is only counted. */
const SHOWN_FAILURES = 10;

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('evaluate')
    .description('predictions against truth: accuracy at five distances, with intervals')
    .requiredOption('--truth <file>', 'CSV or JSONL with id, lat, lon')
    .requiredOption('--predictions <file>', 'CSV or JSONL with id and lat, lon or completion')
    .option('--columns <names>', 'columns of the predictions: id=NAME,lat=NAME,lon=NAME')
    .option('--truth-columns <names>', 'columns of the truth: id=NAME,lat=NAME,lon=NAME')
    .addOption(
      new Option('--comparison <sign>', 'whether an answer on a threshold is within it')
        .choices(['<=', '<'])
        .default('<='),
    )
    .addOption(
      new Option('--distance <kind>', 'how distances are measured')
        .choices(['haversine', 'wgs84'])
        .default('haversine'),
    )
    .option('--no-levels', 'leave out country, region and city accuracy')
    .option('--json', 'print one JSON document')
    .option('-o, --output <file>', 'write to this file')
    .addHelpText(
      'after',
      '\nAn absent or unreadable answer is wrong and stays in every denominator.\n' +
        'Prediction lines that cannot be read are listed on stderr, and the exit code is 1.\n' +
        '\nExamples:\n' +
        '  geor evaluate --truth im2gps3k.csv --predictions answers.jsonl\n' +
        '  geor evaluate --truth t.csv --predictions p.csv --columns id=img_id,lat=predicted_lat,lon=predicted_lon --json',
    )
    .action(run);
}

function run(flags: Flags): void {
  const truth = readTruth(
    flags.truth,
    flags.truthColumns === undefined ? {} : parseRowColumns(flags.truthColumns, '--truth-columns'),
  );
  const { rows, failures } = readPredictions(
    flags.predictions,
    flags.columns === undefined ? {} : parseRowColumns(flags.columns, '--columns'),
  );
  const evaluation = evaluatePredictions(truth, rows, {
    comparison: flags.comparison,
    distance: flags.distance,
    ...(flags.levels && {
      reverseGeocode: (lat, lon) => reverseGeocode(defaultGazetteer(), lat, lon),
    }),
  });
  const text = flags.json ? JSON.stringify(evaluation, null, 2) : formatEvaluation(evaluation);
  if (flags.output === undefined) process.stdout.write(`${text}\n`);
  else writeFileAtomic(flags.output, `${text}\n`);
  reportFailures(flags.predictions, failures);
}

function reportFailures(path: string, failures: readonly LineFailure[]): void {
  if (failures.length === 0) return;
  for (const { line, reason } of failures.slice(0, SHOWN_FAILURES))
    process.stderr.write(`${path}:${line}: ${reason}\n`);
  const hidden = failures.length - SHOWN_FAILURES;
  if (hidden > 0) process.stderr.write(`and ${hidden} more lines\n`);
  process.stderr.write(`${failures.length} lines of the predictions could not be read\n`);
  process.exitCode = 1;
}
