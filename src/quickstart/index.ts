/** The main job on one machine: data, SFT, GRPO, evaluation and report. @module */
export {
  type AnsweringOptions,
  answerTiles,
  type JudgedAnswer,
  type Tiles,
} from './answer-tiles.ts';
export { bestConstantGuess, nearestTiles, type Pictured } from './baselines.ts';
export { chainOf, type EarthTaskSettings, earthTask } from './earth-task.ts';
export { baselineSystem, modelSystem } from './figures.ts';
export { type RunObserver, STAGES, type Stage, stagesOf } from './observer.ts';
export { otherEarthBytes, otherEarthFrom } from './other-earth.ts';
export { type EarthView, type Prepared, prepare } from './prepare.ts';
export { type QuickstartRecipe, readRecipe, recipeForMinutes, recipeSchema } from './recipe.ts';
export { reportInput } from './report.ts';
export { type RunOutcome, runQuickstart } from './run.ts';
export {
  freshFolder,
  openRunFolder,
  type RunArguments,
  type RunFolder,
  readRunRecord,
  unfinishedFolder,
} from './run-folder.ts';
export { type LocatedTile, locatedTiles } from './shown-tiles.ts';
