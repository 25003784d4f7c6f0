/** Training engines past one machine: what they are given, how they run, what they bring back. @module */

export { type Estimate, estimate, type MemoryEstimate } from './export/estimate.ts';
export { estimateText } from './export/estimate-text.ts';
export {
  engineVersion,
  engineWriter,
  type RunFacts,
  refuseOldRun,
  writeRun,
  writtenRows,
} from './export/export-run.ts';
export { MODEL_PRESETS, type ModelPresetName, presetOfConfig } from './export/model-presets.ts';
export type { Cluster, Plan } from './export/plan.ts';
export {
  type Numbers,
  RECIPES,
  type RecipeName,
  recipeNumbers,
} from './export/recipe.ts';
export { engineKeys, sortSettings } from './export/settings.ts';
export { chartedFigures, headlineFigures, type NamedFigure } from './follow/headline-figures.ts';
export type { JoinedStep } from './follow/joined-steps.ts';
export { REWARDS_FILE, RunFigures } from './follow/run-figures.ts';
export { type Attempt, AttemptsFile, type JobReference } from './launch/attempts.ts';
export { type Checkpoint, checkpointAt, lastCheckpoint } from './launch/checkpoints.ts';
export { type Clock, systemClock } from './launch/clock.ts';
export type { Failure } from './launch/failure.ts';
export type { Job } from './launch/job.ts';
export { LaunchLock } from './launch/launch-lock.ts';
export { type LaunchPlan, planAttempt, shellLine } from './launch/launch-plan.ts';
export { checkFolder, checkVersions, parseVersions, versionQuery } from './launch/preflight.ts';
export { ProcessJob, startProcess } from './launch/process-job.ts';
export { RayJob, submitRayJob } from './launch/ray-job.ts';
export { RayJobs } from './launch/ray-jobs.ts';
export { RewardService } from './launch/reward-service.ts';
export { STALL_RULE, type StallRule } from './launch/stall.ts';
export { type Outcome, type SuperviseObserver, supervise } from './launch/supervise.ts';
export {
  ENGINES,
  type EngineName,
  MANIFEST_FILE,
  type Manifest,
  readManifest,
  writeManifest,
} from './manifest/manifest.ts';
export { type NextSteps, nextSteps } from './merge/next-steps.ts';
export {
  type TrainedModel,
  type TrainedModelOptions,
  trainedModel,
} from './merge/trained-model.ts';
