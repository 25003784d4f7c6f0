/** The papers' tables in miniature: arms over several seeds, and a verdict for each claim. @module */
export { ARM_NAMES, ARMS, type Arm, type ArmName } from './arms.ts';
export { CLAIMS, type Claim } from './claims.ts';
export { relativeCost } from './cost.ts';
export {
  type Findings,
  type FoundClaim,
  type FoundRow,
  type FoundTable,
  findingsOf,
  LIMITS,
} from './findings.ts';
export { type JudgedRow, MEASURE_NAMES, MEASURES, type MeasureName } from './measures.ts';
export { MODEL_NAMES, MODELS, type ModelName } from './models.ts';
export { ablationReport } from './page.ts';
export {
  type AblateRecipe,
  ablateRecipeForMinutes,
  ablateRecipePath,
  RECIPE_MINUTES,
  readAblateRecipe,
} from './recipe.ts';
export { runSeed, type SeedAnswers, type SeedRun, storedAnswers } from './run.ts';
export {
  type AblateRecord,
  readAblateRecord,
  SeedFolder,
  writeAblateRecord,
} from './run-folder.ts';
export { type ClaimVerdict, seedDifference, verdictOf } from './statistics.ts';
export { armsOf, modelsOf, TABLE_NAMES, TABLES, type TableName } from './tables.ts';
export { formatFindings, markdownFindings } from './text.ts';
export type { AblateObserver } from './workshop.ts';
