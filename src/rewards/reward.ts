/**
 * The contract of every reward: a batch in, a batch out.
 *
 * The same function serves the embedded trainer, the HTTP service and the evaluator. Bad model text
 * is data: it scores what the equation says it scores. `null` means *could not be scored*, with the
 * reason beside it; a reward never throws for model text and never hides a fault in a 0.
 * @module
 */
import type { Coordinate } from '../geo/index.ts';

/** What is to be scored. All lists have one entry per completion. */
export interface RewardBatch {
  readonly completions: readonly string[];
  readonly targets: readonly Coordinate[];
  /** Which completions answer the same prompt, for group-relative parts. */
  readonly groups?: readonly (string | number)[];
}

/** A score per completion; `null` where it could not be computed. */
export type Scores = readonly (number | null)[];

/** Scores of a batch and what they are made of. */
export interface RewardResult {
  readonly total: Scores;
  readonly parts: Readonly<Record<string, Scores>>;
  /** Why a completion has no score; `null` where it has one. */
  readonly unscored: readonly (string | null)[];
}

/** A recipe's reward. */
export type Reward = (batch: RewardBatch) => RewardResult | Promise<RewardResult>;
