/** A whole embedded run: its recipe, its folder, its parts. @module */
export type { RowAnswer } from './answer-rows.ts';
export {
  contractOf,
  type GrpoRecipe,
  readRecipeFile,
  rewardConfigOf,
  type SftRecipe,
  type TrainingRecipe,
  trainingRecipe,
} from './recipe.ts';
export {
  type NewRun,
  readTrainingRecord,
  TrainingFolder,
  type TrainingRecord,
} from './run-folder.ts';
export {
  type RunPart,
  runTraining,
  type TrainingObserver,
  type TrainingOutcome,
  type TrainingRun,
} from './run-training.ts';
export { isPreset } from './start-model.ts';
