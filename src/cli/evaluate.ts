/**
 * `geor evaluate`: predictions against truth.
 * @module
 */
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

function run(argument: string | undefined, flags: EvaluateFlags): void {
  if (flags.listBenchmarks) {
    process.stdout.write(`${formatBenchmarks()}\n`);
    return;
  }
  const benchmark = benchmarkOf(argument, flags);
  if (flags.backend !== undefined)
    throw new GeorError('usage', 'evaluate does not ask models yet', {
      hint: 'write their answers to a file first, then give --truth FILE --predictions FILE',
    });
  const { truth: truthPath, predictions: path } = flags;
  if (truthPath === undefined || path === undefined)
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
  const rows = score(path, truth, flags, options);
  const evaluation = evaluateRows(rows, options);
  const against =
    flags.against === undefined
      ? undefined
      : compareRuns(rows, score(flags.against, truth, flags, options), options);
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
      predictions: () =>
        readPredictions(path, new FailureLog(), { columns: predictionColumns(flags) }),
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
    readTruth(path, {
      columns: chosen,
      attributes: [...new Set([SCENE_COLUMN, LOCATABILITY_COLUMN, ...wanted])],
      onProgress: progress(path),
    }),
  );
  clearProgress();
  if (benchmark !== undefined) {
    if (!flags.allowOtherN) checkRows(benchmark, truth.n, path);
    const warning = checksumWarning(benchmark, path);
    if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
  }
  return truth;
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

function score(
  path: string,
  truth: TruthTable,
  flags: EvaluateFlags,
  options: EvaluateOptions,
): ScoredRows {
  const failures = new FailureLog();
  const columns = predictionColumns(flags);
  const predictions = readPredictions(path, failures, { columns, onProgress: progress(path) });
  const rows = scorePredictions(truth, predictions, options);
  clearProgress();
  reportFailures(path, failures);
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
