/** The main job on one machine: data, SFT, GRPO, evaluation and report. @module */
export type { JudgedAnswer } from './answer-tiles.ts';
export { type RunObserver, STAGES, type Stage } from './observer.ts';
export { type QuickstartRecipe, readRecipe, recipeForMinutes } from './recipe.ts';
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
