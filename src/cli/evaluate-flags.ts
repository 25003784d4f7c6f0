/**
 * The flags of `geor evaluate`.
 * @module
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { ANSWER_CONTRACTS, type AnswerContract } from '../chain/index.ts';
import { DEFAULT_MAX_PIXELS } from '../data/index.ts';
import {
  BENCHMARK_NAMES,
  type BenchmarkName,
  type Comparison,
  type DistanceKind,
  type Grouping,
  type ReadingMode,
  SCENE_COLUMN,
  THRESHOLDS_KM,
} from '../evaluate/index.ts';
import type { AskTruthFlags } from './evaluate-backend.ts';
import { addBackendFlags } from './locate-flags.ts';
import { wholeNumber } from './whole-number.ts';

/** What the command was asked. */
export interface EvaluateFlags extends Omit<AskTruthFlags, 'contract' | 'seed'> {
  readonly truth?: string;
  readonly predictions?: string;
  readonly columns?: string;
  readonly truthColumns?: string;
  readonly completionColumn?: string;
  readonly benchmark?: BenchmarkName;
  readonly allowOtherN?: true;
  readonly listBenchmarks?: true;
  readonly contract: AnswerContract;
  readonly reading: ReadingMode;
  readonly comparison: Comparison;
  readonly distance: DistanceKind;
  readonly thresholds: readonly number[];
  readonly by: readonly Grouping[];
  readonly levels: boolean;
  readonly confidenceKm: number;
  readonly against?: string;
  readonly compare?: BenchmarkName | true;
  readonly ablations?: true;
  readonly seed: number;
  readonly resamples: number;
  readonly writeRows?: string;
  readonly report?: string;
  readonly format?: 'text' | 'markdown' | 'json';
  readonly json?: true;
  readonly output?: string;
  readonly limit?: number;
}

const MAX_RESAMPLES = 100_000;

function kilometres(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0) || !Number.isFinite(value))
    throw new InvalidArgumentError('It has to be kilometres, 0 or more.');
  return value;
}

const thresholds = (text: string): number[] =>
  [...new Set(text.split(',').map(kilometres))].sort((a, b) => a - b);

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

const HELP = `
An absent or unreadable answer is wrong and stays in every denominator. Lines of
the predictions that cannot be read are listed on stderr; the exit code is 1 then.
Answers that name a place and give no coordinate (globe, geoagent) are looked up.
In JSONL, a column name with dots reaches into objects: lat=ground_truth.lat.
Results are broken down by continent, and by scene class (S3_Label) and
locatability where the truth has them.

Examples:
  geor evaluate --truth truth.csv --predictions answers.jsonl
  geor evaluate --benchmark im2gps3k --truth im2gps3k_places365.csv \\
    --predictions answers.jsonl --compare
  geor evaluate im2gps3k --truth im2gps3k_places365.csv --photos im2gps3k/ \\
    --backend http://127.0.0.1:8000/v1 --compare
  geor evaluate --truth t.csv --predictions new.csv --against old.csv --by scene`;

/** The command, without its action. */
export function evaluateCommand(): Command {
  const option = (flags: string, description: string) => new Option(flags, description);
  const command = new Command('evaluate')
    .description('predictions against truth: accuracy at five distances, with intervals')
    .argument('[benchmark]', 'the same as --benchmark')
    .option('--truth <file>', 'CSV or JSONL with id, lat, lon')
    .option('--predictions <file>', 'CSV or JSONL with id and lat, lon or completion')
    .option('--columns <names>', 'columns of the predictions: id=NAME,lat=NAME,..')
    .option('--truth-columns <names>', 'columns of the truth: id=NAME,lat=NAME,lon=NAME')
    .option('--completion-column <name>', 'the same as --columns completion=NAME')
    .addOption(
      option('--benchmark <name>', 'check that the truth is that of a benchmark').choices(
        BENCHMARK_NAMES,
      ),
    )
    .option('--allow-other-n', 'take the truth with another number of rows')
    .option('--list-benchmarks', 'say what each benchmark is and where its truth is from')
    .addOption(
      option('--contract <name>', 'what completions look like')
        .choices(ANSWER_CONTRACTS)
        .default('geo-r'),
    )
    .addOption(
      option('--reading <mode>', 'whether an answer that had to be repaired counts')
        .choices(['tolerant', 'strict'])
        .default('tolerant'),
    )
    .addOption(
      option('--comparison <sign>', 'whether an answer on a threshold is within it')
        .choices(['<=', '<'])
        .default('<='),
    )
    .addOption(
      option('--distance <kind>', 'on the sphere or on the ellipsoid')
        .choices(['haversine', 'wgs84'])
        .default('haversine'),
    )
    .addOption(
      option('--thresholds <km>', 'distances, with commas')
        .argParser(thresholds)
        .default(THRESHOLDS_KM, THRESHOLDS_KM.join(',')),
    )
    .addOption(
      option('--by <columns>', 'break down by columns of the truth: COLUMN[:WIDTH],..')
        .argParser(groupings)
        .default([], 'none'),
    )
    .option('--no-levels', 'leave out everything that needs reverse geocoding')
    .option('--confidence-km <km>', 'a stated confidence is about being this near', kilometres, 25)
    .option('--against <file>', 'predictions of another run, compared picture by picture')
    .addOption(
      option('--compare [benchmark]', 'put the result among published ones').choices(
        BENCHMARK_NAMES,
      ),
    )
    .option('--ablations', 'with --compare: published ablations too')
    .option('--seed <n>', 'seed of the bootstrap', wholeNumber(0, 2 ** 32 - 1), 0)
    .option('--resamples <n>', 'resamples of the bootstrap', wholeNumber(100, MAX_RESAMPLES), 1000)
    .option('--write-rows <file>', 'write distance and reading of every truth row as JSONL')
    .option('--report <folder>', 'write a page, its charts and Markdown there')
    .addOption(
      option('--format <format>', 'how to print')
        .choices(['text', 'markdown', 'json'])
        .conflicts('json'),
    )
    .option('--json', 'print one JSON document')
    .option('-o, --output <file>', 'write to this file')
    .addHelpText('after', HELP);
  return addBackendFlags(command)
    .option('--photos <folder>', 'with --backend: photographs by the id of the truth')
    .option('--photo-column <name>', 'with --photos: column of the truth with the file of each')
    .option('-k, --samples <n>', 'with --backend: answers per picture', wholeNumber(1, 256), 1)
    .addOption(
      option('--prompt <condition>', 'with --backend: how to ask')
        .choices(['direct', 'cot', 'cor'])
        .default('cor'),
    )
    .option('--temperature <t>', 'with --backend (default: 0; 0.7 for several answers)', (text) =>
      numberBetween(text, 0, 2),
    )
    .option('--max-tokens <n>', 'with --backend: length of an answer', wholeNumber(1, 1_000_000))
    .option(
      '--max-pixels <n>',
      'with --backend: scale larger pictures down to this',
      wholeNumber(784, 2 ** 26),
      DEFAULT_MAX_PIXELS,
    )
    .option(
      '--answers <file>',
      'with --backend: where answers are kept (default: TRUTH.answers.jsonl)',
    )
    .option('--resume', 'with --backend: go on with the answers of a run that was cut short')
    .option('--limit <n>', 'take only the first rows of the truth', wholeNumber(1));
}

function numberBetween(text: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= low && value <= high))
    throw new InvalidArgumentError(`It has to be a number from ${low} to ${high}.`);
  return value;
}
