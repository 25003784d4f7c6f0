/**
 * The reward of GLOBE: accuracy, localizability, visual grounding, and in the released scripts the
 * format.
 *
 * Source: GLOBE (arXiv 2506.14674): the weighted sum of R_geo, R_loc and R_vis, each in its own file.
 * The weights are the authors' released ones ({@link GLOBE_WEIGHTS}); the format reward is 1 for an
 * answer that keeps the contract to the letter and holds reasoning, else 0.
 *
 * An answer that cannot be read names no place and holds no reasoning: it scores 0 in every part.
 * @module
 */
import { answerQuery, parseAnswer } from '../../chain/index.ts';
import { GeorError, type Outcome } from '../../core/index.ts';
import { type Geocoder, haversineKm } from '../../geo/index.ts';
import type { Judge } from '../models/index.ts';
import { checkBatch, type RecipeResult, type RewardBatch, type RewardVariant } from '../reward.ts';
import { type NameComparison, type PlaceResolver, targetFault, truePlaces } from '../truth.ts';
import { chosenWeights, type Part, type WeightChoice, weightedSum } from '../weighted-sum.ts';
import { globeGeoAccuracy } from './geo-accuracy.ts';
import { localizability } from './localizability.ts';
import { visualGrounding } from './visual-grounding.ts';

/** The parts of the reward. */
export type GlobePart = 'accuracy' | 'localizability' | 'grounding' | 'format';

/** Weight of each part; a part of weight 0 is not computed. */
export type GlobeWeights = Readonly<Record<GlobePart, number>>;

/** The weights of the authors' release: its readme, its full script, its script of two rewards. */
export const GLOBE_WEIGHTS = {
  readme: { accuracy: 1, localizability: 0.2, grounding: 0.5, format: 0 },
  full: { accuracy: 1, localizability: 0.5, grounding: 0.2, format: 1 },
  'two-reward': { accuracy: 1, localizability: 0, grounding: 0.5, format: 1 },
} as const satisfies Readonly<Record<string, GlobeWeights>>;

/** Which reward, and what it needs. */
export interface GlobeRewardOptions {
  /** Default `paper`. */
  readonly variant?: RewardVariant;
  /** Default `readme` for `paper`, `full` for `released`; or single weights changed. */
  readonly weights?: WeightChoice;
  /** Weight of the city within the accuracy, default 0.8. */
  readonly alpha?: number;
  /** Needed for localizability. */
  readonly judge?: Judge;
  /** Names at the target, for batches without `places`. */
  readonly placeAt?: PlaceResolver;
  /** What accuracy under `paper` compares with. */
  readonly isSameName?: NameComparison;
  /** The entities that a text names, for grounding under `paper`. */
  readonly entitiesOf?: (reasoning: string) => readonly string[];
  /** Only to report how far off the named place is. */
  readonly geocoder?: Geocoder;
}

/**
 * Makes the GLOBE reward. Parts: `accuracy`, `localizability`, `grounding`, `format`, each in [0, 1];
 * total: their weighted sum.
 *
 * @throws GeorError `usage` when localizability has a weight and no judge, for weights that are not there or are none,
 * and (from the reward) when the lists of a batch differ in length.
 */
export function globeReward(
  options: GlobeRewardOptions = {},
): (batch: RewardBatch) => Promise<RecipeResult> {
  const { variant = 'paper', judge, geocoder } = options;
  const fallback = variant === 'paper' ? 'readme' : 'full';
  const weights = chosenWeights<GlobePart>(GLOBE_WEIGHTS, fallback, options.weights);
  if (weights.localizability > 0 && !judge)
    throw new GeorError('usage', 'localizability needs a judge', {
      hint: 'give a judge, or weights without localizability such as `two-reward`',
    });
  return async (batch) => {
    checkBatch(batch);
    const answers = batch.completions.map((text) => parseAnswer(text, 'globe'));
    const parts: Record<string, Part> = {};
    const add = (name: GlobePart, outcomes: () => readonly Outcome<number>[]): void => {
      if (weights[name] > 0) parts[name] = { weight: weights[name], outcomes: outcomes() };
    };
    add('accuracy', () =>
      truePlaces(batch, options.placeAt).map(({ value, failure }, i) =>
        failure === undefined
          ? { value: globeGeoAccuracy(answers[i]!, value, options) }
          : { failure },
      ),
    );
    if (judge && weights.localizability > 0) {
      const outcomes = await localizability(answers, batch.images, judge, variant);
      add('localizability', () => outcomes);
    }
    add('grounding', () =>
      answers.map(({ reasoning }, i) =>
        visualGrounding(reasoning ?? '', batch.entities?.[i], options),
      ),
    );
    add('format', () =>
      answers.map(({ reading, reasoning }) => ({
        value: reading === 'strict' && reasoning?.trim() ? 1 : 0,
      })),
    );
    const coordinates = answers.map((answer) => {
      const found = answer.country ? geocoder?.(answerQuery(answer)) : undefined;
      return found ? { lat: found.lat, lon: found.lon } : null;
    });
    return {
      ...weightedSum(parts, answers.length),
      answers,
      coordinates,
      unreadable: answers.map(({ reading }) => reading === 'unreadable'),
      distanceKm: coordinates.map((found, i) => {
        const target = batch.targets[i]!;
        return found && !targetFault(target) ? haversineKm(found, target) : null;
      }),
    };
  };
}
