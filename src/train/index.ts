/** Learning: supervised fine-tuning, GRPO, and the runs that hold their state. @module */
export { AnswerScorer, AnswerStep, type StepShape } from './answer-step.ts';
export { removeCheckpoint, restoreCheckpoint, saveCheckpoint } from './checkpoint.ts';
export {
  frozenCopy,
  type GrpoSettings,
  type GrpoSubject,
  trainGrpo,
} from './grpo.ts';
export { type GrpoLossOptions, grpoLoss, nextTokenLoss } from './loss.ts';
export { MetricsLog, type MetricsRow } from './metrics.ts';
export { batchIndices, type SftSettings, trainSft } from './sft.ts';
export { type OptimizerSettings, runStage, type StageContext, type StageResult } from './stage.ts';
export type { Task, Turn } from './task.ts';
