/** Predictions against truth: accuracy, distances, scores, and how sure they are. @module */
export {
  type BootstrapOptions,
  bootstrapInterval,
  type Estimate,
  mean,
  type PairedDifference,
  pairedDifference,
  quantile,
} from './bootstrap.ts';
export { parseRowColumns, type RowColumns, type RowField } from './columns.ts';
export {
  type Comparison,
  type DistanceKind,
  type EvaluateOptions,
  type Evaluation,
  evaluatePredictions,
  summarize,
  THRESHOLDS_KM,
  type ThresholdAccuracy,
} from './evaluate.ts';
export { GEO_SCORES, type GeoScore, geoScore, geoScores } from './geo-score.ts';
export { type Share, wilsonShare } from './intervals.ts';
export { type JudgedRow, judgePredictions } from './judge.ts';
export { type LevelAccuracy, type LevelShare, levelAccuracy, type PlaceFinder } from './levels.ts';
export {
  type LineFailure,
  type PredictionFile,
  readPredictions,
  readTruth,
} from './read-rows.ts';
export type { PredictionRow, TruthRow } from './rows.ts';
export { formatEvaluation } from './text-table.ts';
