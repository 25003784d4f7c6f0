/** Learning: supervised fine-tuning, GRPO, and the runs that hold their state. @module */
export { AnswerScorer, AnswerStep, type StepShape } from './answer-step.ts';
export { batchIndices } from './batch-indices.ts';
export { removeCheckpoint, restoreCheckpoint, saveCheckpoint } from './checkpoint.ts';
export { type DrawnImage, drawImages, imageBatch } from './draw-images.ts';
export { frozenCopy, type GrpoSubject, trainGrpo } from './grpo.ts';
export type { GrpoSettings } from './grpo-settings.ts';
export { type GrpoLossOptions, grpoLoss, nextTokenLoss } from './loss.ts';
export type { GrpoLossType } from './loss-weights.ts';
export { MetricsLog, type MetricsRow } from './metrics.ts';
export { type MuonSettings, Optimizer, type OptimizerState } from './optimizer.ts';
export {
  type LeftOut,
  type ReadRows,
  type RowTask,
  type RowTaskOptions,
  readRows,
  rowTask,
  type TrainingRow,
} from './rows/index.ts';
export {
  contractOf,
  isPreset,
  type NewRun,
  type RowAnswer,
  type RunPart,
  readRecipeFile,
  readTrainingRecord,
  rewardConfigOf,
  runTraining,
  TrainingFolder,
  type TrainingObserver,
  type TrainingOutcome,
  type TrainingRecipe,
  type TrainingRecord,
  type TrainingRun,
  trainingRecipe,
} from './run/index.ts';
export { type SftSettings, type SftSubject, trainSft } from './sft.ts';
export { type OptimizerSettings, runStage, type StageContext, type StageResult } from './stage.ts';
export type { Task, Turn } from './task.ts';
