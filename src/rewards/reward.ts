/**
 * The contract of every reward: a batch in, a batch out.
 *
 * The same function serves the embedded trainer, the HTTP service and the evaluator. Bad model text
 * is data: it scores what the equation says it scores. `null` means *could not be scored*, with the
 * reason beside it; a reward never throws for model text and never hides a fault in a 0.
 * @module
 */
import type { Answer } from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import type { Coordinate, PlaceNames } from '../geo/index.ts';

/** `paper` is what the paper prints, `released` what the authors' code computes. */
export type RewardVariant = 'paper' | 'released';

/** What is to be scored. All lists have one entry per completion. */
export interface RewardBatch {
  readonly completions: readonly string[];
  readonly targets: readonly Coordinate[];
  /** Which completions answer the same prompt, for group-relative parts; `null` for one alone. */
  readonly groups?: readonly (string | number | null)[];
  /** Names of the true places; a recipe that needs a missing one resolves the target. */
  readonly places?: readonly (PlaceNames | null)[];
  /** What is to be seen in each picture: tags, or classes of a segmentation. */
  readonly entities?: readonly (readonly string[] | null)[];
  /** The pictures for a judge that sees, as `data:` or `https:` addresses. */
  readonly images?: readonly (string | null)[];
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

/** A result with what the scores were read from. */
export interface RecipeResult extends RewardResult {
  readonly answers: readonly Answer[];
  /** What each distance was measured from; `null` where nothing was. */
  readonly coordinates: readonly (Coordinate | null)[];
  /** Per completion: whether no answer could be read from it, see `Reading`. */
  readonly unreadable: readonly boolean[];
  /** From the answer's coordinate, or where its names lie; `null` where neither is known. */
  readonly distanceKm: Scores;
}

/** A recipe's reward. */
export type Reward = (batch: RewardBatch) => RewardResult | Promise<RewardResult>;

/**
 * Checks that a batch has one entry per completion in each of its lists.
 *
 * @throws GeorError `usage` when it has not.
 */
export function checkBatch(batch: RewardBatch): void {
  const { completions, ...lists } = batch;
  for (const [name, list] of Object.entries(lists))
    if (list && list.length !== completions.length)
      throw new GeorError(
        'usage',
        `${completions.length} completions have ${list.length} ${name}`,
        {
          hint: `give one entry of ${name} per completion`,
        },
      );
}
