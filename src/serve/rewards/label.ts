/**
 * The truth of a sample as engines carry it through their one text column: JSON.
 * @module
 */
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import { type RewardSample, sampleSchema } from './protocol.ts';

const { target, place, entities } = sampleSchema.shape;
const labelSchema = z.strictObject({ ...target.shape, place, entities });

/** What a label says of a sample. */
export type Label = Pick<RewardSample, 'target' | 'place' | 'entities'>;

/**
 * Reads `{"lat": .., "lon": .., "place"?: .., "entities"?: ..}`, as JSON text or as it is.
 *
 * @throws ApiError 422 for anything else.
 */
export function readLabel(label: unknown): Label {
  const parsed = labelSchema.safeParse(typeof label === 'string' ? jsonOf(label) : label);
  if (!parsed.success)
    throw new ApiError(
      422,
      'bad-label',
      'a label is not the JSON of a target',
      'write labels as {"lat": 48.85, "lon": 2.35}, with place and entities where a recipe needs them',
    );
  const { lat, lon, ...rest } = parsed.data;
  return { target: { lat, lon }, ...rest };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The reward of a row, for engines that know no `null`.
 *
 * @throws ApiError 503 where there is none: those engines try again, and then do without.
 */
export function rewardOf({
  reward,
  unscored,
}: {
  reward: number | null;
  unscored?: string | undefined;
}): number {
  if (reward !== null) return reward;
  throw new ApiError(503, 'unscored', unscored ?? 'not scored', 'try again', 1);
}
