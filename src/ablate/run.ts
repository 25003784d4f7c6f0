/**
 * The seeds of an ablation, unit by unit: a unit is a model or the answers of an arm, and one that is
 * stored is not made again.
 * @module
 */
import { prepare } from '../quickstart/index.ts';
import { ARM_NAMES, ARMS, type ArmName } from './arms.ts';
import { judgeTiles } from './judge-tiles.ts';
import type { JudgedRow } from './measures.ts';
import type { ModelName } from './models.ts';
import type { AblateRecipe } from './recipe.ts';
import { rememberingGeocoder } from './rewards.ts';
import { SeedFolder } from './run-folder.ts';
import { armsOf, modelsOf, type TableName } from './tables.ts';
import { trainModel } from './train-model.ts';
import { type AblateObserver, CONDITIONS, Interrupted, type Workshop } from './workshop.ts';

/** The answers of one seed, by arm, on the same tiles in the same order. */
export interface SeedAnswers {
  readonly seed: number;
  readonly answers: ReadonlyMap<ArmName, readonly JudgedRow[]>;
}

/** What a seed is made with. */
export interface SeedRun {
  readonly folder: string;
  readonly seed: number;
  readonly recipe: AblateRecipe;
  readonly tables: readonly TableName[];
  readonly observer: AblateObserver;
  readonly signal: AbortSignal;
  readonly threads?: number;
}

/** The answers of a seed that are stored. */
export function storedAnswers(
  path: string,
  seed: number,
  tables: readonly TableName[],
): SeedAnswers {
  const folder = new SeedFolder(path, seed);
  const answers = new Map<ArmName, readonly JudgedRow[]>();
  for (const arm of armsOf(tables)) {
    const rows = folder.answers(arm);
    if (rows) answers.set(arm, rows);
  }
  return { seed, answers };
}

/**
 * Makes what a seed's tables need and is not stored yet.
 *
 * @returns false when the signal stopped it: run it again to go on
 */
export async function runSeed(run: SeedRun): Promise<boolean> {
  const { seed, recipe, tables, signal } = run;
  const folder = new SeedFolder(run.folder, seed);
  const arms = armsOf(tables);
  if (arms.every((arm) => folder.answers(arm))) return true;
  const prepared = prepare(recipe, seed, CONDITIONS);
  const workshop: Workshop = {
    ...{ seed, recipe, prepared, folder, observer: run.observer, signal },
    geocoder: rememberingGeocoder(prepared.gazetteer),
    ...(run.threads !== undefined && { threads: run.threads }),
  };
  try {
    for (const name of modelsOf(tables)) await runModel(workshop, name, arms);
  } catch (error) {
    if (error instanceof Interrupted) return false;
    throw error;
  }
  return true;
}

/** Trains a model and asks it what the tables ask. */
async function runModel(
  workshop: Workshop,
  name: ModelName,
  arms: readonly ArmName[],
): Promise<void> {
  const { folder, signal } = workshop;
  const open = ARM_NAMES.filter(
    (arm) => arms.includes(arm) && ARMS[arm].model === name && !folder.answers(arm),
  );
  if (open.length === 0) return;
  if (signal.aborted) throw new Interrupted();
  const started = performance.now();
  try {
    const model = await trainModel(workshop, name);
    for (const arm of open)
      folder.writeAnswers(
        arm,
        await judgeTiles(workshop, model, ARMS[arm].asked, `${arm}: answers`, 'test'),
      );
  } finally {
    folder.addSeconds(name, (performance.now() - started) / 1000);
  }
}
