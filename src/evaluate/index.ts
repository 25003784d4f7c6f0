/** Predictions against truth: accuracy, distances, scores, and how sure they are. @module */

export type { AttributeColumn } from './attribute-column.ts';
export {
  BENCHMARK_NAMES,
  BENCHMARKS,
  type Benchmark,
  type BenchmarkName,
} from './benchmarks/benchmarks.ts';
export { checkRows, checksumWarning } from './benchmarks/check.ts';
export {
  type BootstrapOptions,
  bootstrapInterval,
  type Estimate,
  mean,
  type PairedDifference,
  pairedDifference,
  quantile,
} from './bootstrap.ts';
export {
  type Breakdown,
  breakdown,
  type GroupFigures,
  type Grouping,
  LOCATABILITY_COLUMN,
  SCENE_CLASSES,
  SCENE_COLUMN,
} from './breakdown.ts';
export {
  compareDistances,
  compareRuns,
  type DifferenceVerdict,
  type PairedFigure,
  type RunComparison,
} from './compare-runs.ts';
export {
  type EvaluateOptions,
  type Evaluation,
  evaluatePredictions,
  evaluateRows,
  type ReadingFigures,
  type ReportOptions,
} from './evaluate.ts';
export {
  type AccuracyFigures,
  accuracyFigures,
  type Comparison,
  type DistanceFigures,
  distanceFigures,
  type FigureOptions,
  type GeoScoreFigure,
  THRESHOLDS_KM,
  type ThresholdAccuracy,
} from './figures.ts';
export { parseRowColumns, type RowColumns, type RowField } from './files/columns.ts';
export type { ReadProgress } from './files/lines.ts';
export {
  FailureLog,
  type LineFailure,
  type ReadOptions,
  type ReadTruthOptions,
  readPredictions,
  readTruth,
} from './files/read-rows.ts';
export { writeScoredRows } from './files/write-rows.ts';
export { GEO_SCORES, type GeoScore, geoScore } from './geo-score.ts';
export { type Share, wilsonShare } from './intervals.ts';
export type {
  CountryConfusion,
  LevelAccuracy,
  LevelShare,
  PlaceFinder,
} from './places.ts';
export {
  type ComparedCell,
  type ComparedRow,
  type CompareOptions,
  comparePublished,
  type PublishedComparison,
  type PublishedVerdict,
} from './published/compare.ts';
export {
  PUBLISHED_SOURCES,
  PUBLISHED_THRESHOLDS_KM,
  type PublishedCells,
  type PublishedRow,
  type PublishedSource,
} from './published/row.ts';
export { PUBLISHED_ROWS } from './published/tables.ts';
export {
  type AnswerReading,
  READINGS,
  type ReadingCounts,
  type ReadingMode,
} from './readings.ts';
export type { ConfidenceBin, Reliability } from './reliability.ts';
export type { Interval } from './resampling/interval.ts';
export type { PredictionRow, TruthRow } from './rows.ts';
export {
  countedRows,
  type DistanceKind,
  type GeocodeCounts,
  type ScoredRows,
  type ScoreOptions,
  scorePredictions,
} from './score.ts';
export { formatBenchmarks } from './text/benchmarks-text.ts';
export { alignColumns, kilometres, markdownTable, wrapWords } from './text/columns.ts';
export {
  formatComparison,
  formatEvaluation,
  markdownComparison,
  markdownEvaluation,
} from './text/evaluation-text.ts';
export { formatPublished, markdownPublished } from './text/published-text.ts';
export { type TruthTable, truthTable } from './truth-table.ts';
