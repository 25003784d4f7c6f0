/**
 * The reward of Geo-R: distance and format.
 *
 * Source: Geo-R, section 3.2, eq. (7): r = r_distance * r_format. The authors' released code adds
 * the two instead; that is the variant `released`.
 *
 * Readings that the paper leaves open:
 * 1. No readable coordinate: distance 0 and format 0, so 0 in both variants. Bad text is a bad
 *    answer, not a missing score.
 * 2. Several or malformed pairs: format is 0 by eq. (6); the distance part is that of the one
 *    coordinate `parseAnswer` chooses. It shows in the parts, counts nothing in the product, and
 *    counts in the sum.
 *
 * Deviation: the format check of the released code looks for a bounding box and so is 0 for every
 * coordinate. The variant `released` keeps its distances and its sum, with the format of eq. (6).
 *
 * Beyond the paper, and off unless asked for by name, are parts that judge the chain above the
 * coordinate ({@link GeoRExtra}).
 * @module
 */
import { type Answer, parseAnswer, readGeoRCoordinate } from '../../chain/index.ts';
import { GeorError, type Outcome } from '../../core/index.ts';
import { type Coordinate, haversineKm } from '../../geo/index.ts';
import { checkBatch, type RecipeResult, type RewardBatch, type RewardVariant } from '../reward.ts';
import {
  foldedComparison,
  type NameComparison,
  namedShare,
  type PlaceResolver,
  targetFault,
  truePlaces,
} from '../truth.ts';
import { checkedWeights } from '../weighted-sum.ts';
import { geoRDistanceReward } from './distance-reward.ts';
import { geoRFormatReward } from './format-reward.ts';

/**
 * A part that the paper does not have, in [0, 1].
 *
 * - `chainConsistency`: of the levels known at the answer's own coordinate, the share that the answer
 *   names so. 0 without a coordinate, or for one in the open sea.
 * - `levels`: of the levels of the true place, the share that the answer names so.
 */
export type GeoRExtra = 'chainConsistency' | 'levels';

/** The extras there are. */
export const GEO_R_EXTRAS: readonly GeoRExtra[] = ['chainConsistency', 'levels'];

/** Which reward. */
export interface GeoRRewardOptions {
  /** Default `paper`. */
  readonly variant?: RewardVariant;
  /** Parts beyond the paper with their weight, >= 0, added to the total; 0 only reports. */
  readonly extras?: Readonly<Partial<Record<GeoRExtra, number>>>;
  /** Names at a coordinate; `chainConsistency` needs it, `levels` for targets without names. */
  readonly placeAt?: PlaceResolver;
  /** Default {@link foldedComparison}. */
  readonly isSameName?: NameComparison;
}

type Column = (number | null)[];
type Columns = [Column, Column, Column, Column];

/** A reward that needs no model and so no waiting. */
export type SyncReward = (batch: RewardBatch) => RecipeResult;

/**
 * Makes the Geo-R reward.
 *
 * Total without extras: [0, 1] for `paper` (product), [0, 2] for `released` (sum). Parts: `distance`
 * in [0, 1], `format` 0 or 1. A target that is not a coordinate leaves its completion unscored.
 *
 * @throws GeorError `usage` when `chainConsistency` has no `placeAt`, for a weight that is none, and
 * (from the reward) when the lists of a batch differ in length.
 */
export function geoRReward(options: GeoRRewardOptions = {}): SyncReward {
  const { variant = 'paper', placeAt } = options;
  const extras = Object.entries(checkedWeights(options.extras ?? {}));
  if (extras.some(([name]) => name === 'chainConsistency') && !placeAt)
    throw new GeorError('usage', 'chainConsistency needs the names at a coordinate', {
      hint: 'give `placeAt`, e.g. reverse geocoding with its gazetteer bound',
    });
  return (batch) => {
    checkBatch(batch);
    const count = batch.completions.length;
    // grown and not filled beforehand, which is a call out of JavaScript: most batches are small
    const [total, distance, format, distanceKm]: Columns = [[], [], [], []];
    const coordinates: (Coordinate | null)[] = [];
    const unscored: (string | null)[] = [];
    let parsed: readonly Answer[] | undefined;
    const readAnswers = (): readonly Answer[] => {
      parsed ??= batch.completions.map((completion) => parseAnswer(completion, 'geo-r'));
      return parsed;
    };
    for (let i = 0; i < count; i++) {
      const target = batch.targets[i]!;
      const { coordinate, pairCount } = readGeoRCoordinate(batch.completions[i]!);
      const fault = targetFault(target);
      const isScored = fault === null;
      const kilometres = isScored && coordinate ? haversineKm(coordinate, target) : null;
      const near = kilometres === null ? 0 : geoRDistanceReward(kilometres, variant);
      const wellFormed = geoRFormatReward({ pairCount });
      coordinates.push(coordinate ?? null);
      unscored.push(fault);
      distance.push(isScored ? near : null);
      format.push(isScored ? wellFormed : null);
      distanceKm.push(kilometres);
      const both = variant === 'paper' ? near * wellFormed : near + wellFormed;
      total.push(isScored ? both : null);
    }
    const parts: Record<string, (number | null)[]> = { distance, format };
    for (const [name, weight] of extras) {
      const outcomes = extraOf(name, batch, readAnswers(), options);
      parts[name] = outcomes.map(({ value }) => value ?? null);
      if (weight === 0) continue;
      for (const [i, { value, failure }] of outcomes.entries()) {
        if (failure !== undefined) {
          unscored[i] ??= failure;
          total[i] = null;
        } else if (total[i] !== null) total[i]! += weight * value;
      }
    }
    return {
      total,
      parts,
      unscored,
      distanceKm,
      coordinates,
      unreadable: coordinates.map((coordinate) => coordinate === null),
      // names and repairs take ten times as long to read as the pair, so only for those who look
      get answers() {
        return readAnswers();
      },
    };
  };
}

function extraOf(
  name: string,
  batch: RewardBatch,
  answers: readonly Answer[],
  { placeAt, isSameName = foldedComparison }: GeoRRewardOptions,
): readonly Outcome<number>[] {
  const shareAt = (answer: Answer, at: Coordinate | undefined): number => {
    const place = at && placeAt?.(at);
    return place ? namedShare(answer, place, isSameName) : 0;
  };
  if (name === 'chainConsistency')
    return answers.map((answer) => ({ value: shareAt(answer, answer.coordinate) }));
  return truePlaces(batch, placeAt).map(({ value, failure }, i) =>
    failure === undefined ? { value: namedShare(answers[i]!, value, isSameName) } : { failure },
  );
}
