/** The papers' tables in miniature: arms over several seeds, and a verdict for each claim. @module */
export { relativeCost } from './cost.ts';
export {
  type Findings,
  type FoundClaim,
  type FoundRow,
  type FoundTable,
  findingsOf,
} from './findings.ts';
export { ablationReport } from './page.ts';
export {
  type AblateRecipe,
  ablateRecipeForMinutes,
  RECIPE_MINUTES,
  readAblateRecipe,
} from './recipe.ts';
export { runSeed, type SeedAnswers, type SeedRun, storedAnswers } from './run.ts';
export { type AblateRecord, readAblateRecord, writeAblateRecord } from './run-folder.ts';
export { modelsOf, TABLE_NAMES, type TableName } from './tables.ts';
export { formatFindings, markdownFindings } from './text.ts';
export type { AblateObserver } from './workshop.ts';
