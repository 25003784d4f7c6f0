/** The main job on one machine: data, SFT, GRPO, evaluation and report. @module */
export {
  type AnsweringOptions,
  answerTiles,
  type JudgedAnswer,
  type Tiles,
} from './answer-tiles.ts';
export { type RunObserver, STAGES, type Stage } from './observer.ts';
export { type Prepared, prepare } from './prepare.ts';
export { type QuickstartRecipe, readRecipe, recipeForMinutes, recipeSchema } from './recipe.ts';
export { comparisonsOf, reportInput, systemsOf } from './report.ts';
export { type RunOutcome, runQuickstart } from './run.ts';
export {
  freshFolder,
  openRunFolder,
  type RunArguments,
  type RunFolder,
  readRunRecord,
  unfinishedFolder,
} from './run-folder.ts';
