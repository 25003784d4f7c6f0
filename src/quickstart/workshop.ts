/**
 * What the stages of a quick start work with.
 * @module
 */
import type { Reward } from '../rewards/index.ts';
import type { RunObserver } from './observer.ts';
import type { Prepared } from './prepare.ts';
import type { QuickstartRecipe } from './recipe.ts';
import type { RunFolder } from './run-folder.ts';

/** Everything a stage needs. */
export interface Workshop {
  readonly prepared: Prepared;
  readonly recipe: QuickstartRecipe;
  readonly seed: number;
  readonly reward: Reward;
  readonly folder: RunFolder;
  readonly observer: RunObserver;
  readonly signal: AbortSignal;
}

/** Thrown when the signal stopped a stage; its checkpoint is written. */
export class Interrupted extends Error {}
