/** Where a picture was taken: asking models, and making one answer of many. Pure. @module */
export type {
  Asked,
  AskFailure,
  AskOptions,
  Backend,
  Completion,
  GuardedPicture,
  Prompt,
} from './backend.ts';
export { type EmbeddedOptions, embeddedBackend, QUICKSTART_TILE } from './backends/embedded.ts';
export { isLoopback } from './backends/host.ts';
export { type OpenAiOptions, openAiBackend } from './backends/openai.ts';
export { type TransformersJsOptions, transformersJsBackend } from './backends/transformers-js.ts';
export { type BatchOptions, type BatchRow, locateEach, type PictureItem } from './batch.ts';
export {
  type CalibrationPicture,
  type Coverage,
  calibrate,
  coverageOf,
  isForCalibration,
} from './calibration/calibrate.ts';
export {
  type Calibration,
  type CalibrationScope,
  calibrationSchema,
  checkScope,
  isForScope,
  scopeOf,
} from './calibration/calibration.ts';
export { type Cluster, clustersOf } from './consensus/clusters.ts';
export {
  LEAST_SUPPORT,
  type LevelSupport,
  type Undecided,
  type VotedChain,
  voteLevels,
} from './consensus/levels.ts';
export {
  consensusPoint,
  DEFAULT_POINT_METHOD,
  methodName,
  POINT_METHODS,
  type PointMethod,
  type PointOptions,
} from './consensus/point.ts';
export type { Radii } from './consensus/radii.ts';
export {
  type AskSettings,
  calibrationFor,
  completeSettings,
  type LocateOptions,
  locatePhoto,
  promptFor,
  seedOf,
} from './locate-photo.ts';
export { withPrecision } from './precision.ts';
export {
  type AnsweredPicture,
  type Candidate,
  type LocateResult,
  locateResult,
  mapLink,
  PRECISIONS,
  type Precision,
  type ResultOptions,
} from './result.ts';
export {
  type AskedRecord,
  askedRecord,
  type FailedRow,
  failedRow,
  isLocated,
  type LocatedRow,
  type LocateRow,
  locatedRow,
  locateRowSchema,
  type RowSettings,
  rowKey,
} from './row.ts';
export {
  CITY_REACH_KM,
  type Disagreement,
  LEVELS,
  type Level,
  type LocatedSample,
  readSample,
} from './sample.ts';
