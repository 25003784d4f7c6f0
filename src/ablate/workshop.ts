/**
 * What the units of one seed share, and who watches them.
 * @module
 */
import type { PromptCondition } from '../chain/index.ts';
import type { Geocoder } from '../geo/index.ts';
import type { Prepared } from '../quickstart/index.ts';
import type { Task } from '../train/index.ts';
import type { AblateRecipe } from './recipe.ts';
import type { SeedFolder } from './run-folder.ts';

/** Thrown when the signal stopped a unit; the folder can be taken up again. */
export class Interrupted extends Error {}

/** Who watches a seed. Nothing here changes its result. */
export interface AblateObserver {
  /**
   * How far a unit is.
   *
   * @param share - in [0, 1]
   */
  progress(unit: string, share: number, fields: Readonly<Record<string, number>>): void;
}

/** Everything that a unit needs. */
export interface Workshop {
  readonly seed: number;
  readonly recipe: AblateRecipe;
  readonly prepared: Prepared;
  readonly geocoder: Geocoder;
  readonly folder: SeedFolder;
  readonly observer: AblateObserver;
  readonly signal: AbortSignal;
  /** ONNX Runtime's threads; its own choice when absent. */
  readonly threads?: number;
}

/** Every prompt condition that an arm is trained on. */
export const CONDITIONS: readonly PromptCondition[] = ['direct', 'cot', 'cor'];

/** Tokens of the longest answer to learn: what an answer may take. */
export function longestAnswer(task: Task): number {
  let longest = 0;
  for (let i = 0; i < task.size; i++)
    for (const { answer } of task.turns(i)) longest = Math.max(longest, answer.length);
  return longest;
}

/** Lets the process hear a signal between two pieces of work. */
export const breathe = (): Promise<void> => new Promise((resume) => setImmediate(resume));
