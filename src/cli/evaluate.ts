/**
 * `geor evaluate`: predictions against truth.
 * @module
 */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { GeorError } from '../core/index.ts';
import { writeFileAtomic } from '../core/node/index.ts';
import { defaultGazetteer } from '../data/index.ts';
import {
  BENCHMARK_NAMES,
  BENCHMARKS,
  type BenchmarkName,
  checkRows,
  checksumWarning,
  comparePublished,
  compareRuns,
  countedRows,
  type EvaluateOptions,
  evaluateRows,
  FailureLog,
  formatBenchmarks,
  LOCATABILITY_COLUMN,
  type PredictionRow,
  parseRowColumns,
  type ReadProgress,
  type RowColumns,
  readPredictions,
  readTruth,
  SCENE_COLUMN,
  type ScoredRows,
  scorePredictions,
  type TruthTable,
  truthTable,
  writeScoredRows,
} from '../evaluate/index.ts';
import { forwardGeocode, reverseGeocode } from '../geo/index.ts';
import { type EvaluateFlags, evaluateCommand } from './evaluate-flags.ts';
import { type EvaluateResult, printed } from './evaluate-output.ts';
import { writeReport } from './evaluate-report.ts';
import { version } from './version.ts';

/** How many unreadable lines are named before the rest is only counted. */
const SHOWN_FAILURES = 10;

/** The command with its flags and its action. */
export function command(): Command {
  return evaluateCommand().action((benchmark: string | undefined, flags: EvaluateFlags) =>
    run(benchmark, flags),
  );
}

function benchmarkOf(argument: string | undefined, flags: EvaluateFlags) {
  if (argument === undefined) return flags.benchmark;
  const name = BENCHMARK_NAMES.find((known) => known === argument);
  if (name === undefined || (flags.benchmark !== undefined && flags.benchmark !== name))
    throw new GeorError('usage', `there is no benchmark ${argument} to evaluate on`, {
      hint: `choose one of: ${BENCHMARK_NAMES.join(', ')}`,
    });
  return name;
}

async function run(argument: string | undefined, flags: EvaluateFlags): Promise<void> {
  if (flags.listBenchmarks) {
    process.stdout.write(`${formatBenchmarks()}\n`);
    return;
  }
  const benchmark = benchmarkOf(argument, flags);
  const { truth: truthPath } = flags;
  const isAsking = flags.backend !== undefined;
  if (isAsking && flags.predictions !== undefined)
    throw new GeorError('usage', 'give either --backend or --predictions', {
      hint: 'answers of a model are kept with --answers FILE and can be evaluated again',
    });
  if (truthPath === undefined || (!isAsking && flags.predictions === undefined))
    throw new GeorError(
      'usage',
      `${truthPath === undefined ? '--truth' : '--predictions'} is missing`,
      {
        hint: 'geor evaluate --truth FILE --predictions FILE; --list-benchmarks says where truth is',
      },
    );
  const compare = flags.compare === true ? benchmark : flags.compare;
  if (flags.compare === true && compare === undefined)
    throw new GeorError('usage', '--compare needs a benchmark', {
      hint: `write --compare NAME, with one of: ${BENCHMARK_NAMES.join(', ')}`,
    });

  const truth = truthOf(truthPath, benchmark, flags);
  const options = optionsOf(flags, truth);
  const answered = isAsking
    ? await answersOf(truth, flags, `${basename(truthPath)}.answers.jsonl`)
    : fileOf(flags.predictions ?? '', flags);
  if (!answered) return;
  const path = answered.name;
  const rows = score(answered, truth, options);
  const evaluation = evaluateRows(rows, options);
  const against =
    flags.against === undefined
      ? undefined
      : compareRuns(rows, score(fileOf(flags.against, flags), truth, options), options);
  const published =
    compare === undefined
      ? undefined
      : comparePublished(evaluation, compare, { ablations: flags.ablations === true });
  if (flags.writeRows !== undefined)
    writeScoredRows(flags.writeRows, countedRows(rows, flags.reading));
  const result: EvaluateResult = {
    evaluation,
    ...(benchmark !== undefined && { benchmark }),
    ...(against && { against: { comparison: against, first: path, second: flags.against ?? '' } }),
    ...(published && { published }),
  };
  if (flags.report !== undefined)
    writeReport(flags.report, result, {
      rows: countedRows(rows, flags.reading),
      ...{ truthPath, predictionsPath: path, contract: flags.contract },
      predictions: () => answered.read(new FailureLog()),
      ...(options.reverseGeocode && { placeAt: options.reverseGeocode }),
      record: [{ title: 'Settings', entries: recordOf(flags) }],
      madeAt: new Date().toISOString(),
    });
  const text = printed(flags.json ? 'json' : (flags.format ?? 'text'), result);
  if (flags.output === undefined) process.stdout.write(`${text}\n`);
  else writeFileAtomic(flags.output, `${text}\n`);
}

/** What was asked, for the page. */
function recordOf(flags: EvaluateFlags): Record<string, string | number | boolean> {
  const plain = Object.entries(flags).flatMap(([name, value]): [string, string | number][] => {
    if (Array.isArray(value)) return [[name, value.map((item) => JSON.stringify(item)).join(', ')]];
    return typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [];
  });
  return { geor: version, ...Object.fromEntries(plain) };
}

/** Reads the truth and says what is wrong with it before anything else is done. */
function truthOf(
  path: string,
  benchmark: BenchmarkName | undefined,
  flags: EvaluateFlags,
): TruthTable {
  const known = benchmark === undefined ? {} : (BENCHMARKS[benchmark].columns ?? {});
  const chosen =
    flags.truthColumns === undefined
      ? known
      : parseRowColumns(flags.truthColumns, '--truth-columns');
  const wanted = flags.by.map(({ column }) => column);
  const truth = truthTable(
    limited(
      flags.limit,
      readTruth(path, {
        columns: chosen,
        attributes: [
          ...new Set([
            SCENE_COLUMN,
            LOCATABILITY_COLUMN,
            ...wanted,
            ...(flags.photoColumn ? [flags.photoColumn] : []),
          ]),
        ],
        onProgress: progress(path),
      }),
    ),
  );
  clearProgress();
  if (benchmark !== undefined) {
    if (!flags.allowOtherN && flags.limit === undefined) checkRows(benchmark, truth.n, path);
    const warning = checksumWarning(benchmark, path);
    if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
  }
  return truth;
}

/** The first rows, as many as there may be. */
function* limited<T>(limit: number | undefined, rows: Iterable<T>): Generator<T> {
  let count = 0;
  for (const row of rows) {
    if (limit !== undefined && count++ >= limit) return;
    yield row;
  }
}

/** Columns to break down by: those asked for, and the ones that are always of interest. */
function optionsOf(flags: EvaluateFlags, truth: TruthTable): EvaluateOptions {
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
    geocode: (query) => forwardGeocode(defaultGazetteer(), query),
    by: [...columns.map((column) => ({ column })), ...flags.by],
    ...(flags.levels && {
      reverseGeocode: (lat, lon) => reverseGeocode(defaultGazetteer(), lat, lon),
    }),
  };
}

function predictionColumns({ columns, completionColumn }: EvaluateFlags): RowColumns {
  return {
    ...(columns !== undefined && parseRowColumns(columns, '--columns')),
    ...(completionColumn !== undefined && { completion: completionColumn }),
  };
}

/** Answers, wherever they come from. */
interface Answers {
  /** What results call them: the file, or the model. */
  readonly name: string;
  read(failures: FailureLog): Iterable<PredictionRow>;
}

/** Answers in a file. */
const fileOf = (path: string, flags: EvaluateFlags): Answers => ({
  name: path,
  read: (failures) =>
    readPredictions(path, failures, {
      columns: predictionColumns(flags),
      onProgress: progress(path),
    }),
});

/** Answers of a model, asked now; `undefined` when that was interrupted. */
async function answersOf(
  truth: TruthTable,
  flags: EvaluateFlags,
  file: string,
): Promise<Answers | undefined> {
  const { askTruth } = await import('./evaluate-backend.ts');
  const { name, predictions, failed, isInterrupted } = await askTruth(truth, flags, file);
  if (isInterrupted) {
    process.stderr.write('interrupted; go on with --resume\n');
    process.exitCode = 130;
    return undefined;
  }
  if (failed === predictions.length)
    throw new GeorError('backend', `not one picture was answered by ${name}`, {
      hint: 'the reasons are above',
    });
  if (failed > 0) process.exitCode = 1;
  return { name, read: () => predictions };
}

function score(answers: Answers, truth: TruthTable, options: EvaluateOptions): ScoredRows {
  const failures = new FailureLog();
  const rows = scorePredictions(truth, answers.read(failures), options);
  clearProgress();
  reportFailures(answers.name, failures);
  return rows;
}

/** How far a file has been read, on stderr, for a person watching. */
function progress(path: string): ReadProgress | undefined {
  if (!process.stderr.isTTY) return undefined;
  let next = performance.now() + 500;
  return (done, total) => {
    if (performance.now() < next || total === 0) return;
    next = performance.now() + 200;
    process.stderr.write(`\r${path}: ${Math.min(100, Math.floor((100 * done) / total))} %\u001b[K`);
  };
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
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
