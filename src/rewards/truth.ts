/**
 * The true place of each completion, by name, and what it means for two names to be one.
 * @module
 */

import { isOnGlobe, isSameName } from '../chain/index.ts';
import type { Outcome } from '../core/index.ts';
import type { Coordinate, PlaceNames } from '../geo/index.ts';
import type { RewardBatch } from './reward.ts';

/** The levels that have names, from large to small. */
export const NAMED_LEVELS = ['country', 'region', 'city'] as const;

/** One of {@link NAMED_LEVELS}. */
export type NamedLevel = (typeof NAMED_LEVELS)[number];

/** Reverse geocoding with its gazetteer bound; `null` where there is no place. */
export type PlaceResolver = (at: Coordinate) => PlaceNames | null;

/** Whether two names at a level are one place's. */
export type NameComparison = (a: string, b: string, level: NamedLevel) => boolean;

/** Equal after folding; countries also by common aliases. Needs no gazetteer. */
export const foldedComparison: NameComparison = (a, b, level) =>
  isSameName(a, b, level === 'country');

/** Why a target cannot be scored against; `null` when it can. */
export const targetFault = ({ lat, lon }: Coordinate): string | null =>
  isOnGlobe(lat, lon) ? null : `the target (${lat}, ${lon}) is not a coordinate`;

/** The names of each target: those of the batch, else what `placeAt` finds. */
export function truePlaces(
  batch: RewardBatch,
  placeAt: PlaceResolver | undefined,
): readonly Outcome<PlaceNames>[] {
  return batch.targets.map((target, i) => {
    const given = batch.places?.[i];
    if (given?.country) return { value: given };
    const fault = targetFault(target);
    if (fault) return { failure: fault };
    const found = placeAt?.(target);
    if (found?.country) return { value: found };
    const { lat, lon } = target;
    return {
      failure: placeAt
        ? `there is no country at the target (${lat}, ${lon})`
        : 'the true place has no names',
    };
  });
}

/**
 * The share of a place's known levels that an answer names right. A level that the answer leaves out
 * counts against it; one that the place does not know is not asked.
 *
 * @returns [0, 1]; 0 for a place without names
 */
export function namedShare(
  answer: PlaceNames,
  place: PlaceNames,
  isSame: NameComparison = foldedComparison,
): number {
  let known = 0;
  let right = 0;
  for (const level of NAMED_LEVELS) {
    const [named, truth] = [answer[level], place[level]];
    if (truth === undefined) continue;
    known++;
    if (named !== undefined && isSame(named, truth, level)) right++;
  }
  return known === 0 ? 0 : right / known;
}
