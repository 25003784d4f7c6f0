/**
 * GeoAgent's length penalty, which keeps a model from leaving its reasoning out.
 *
 * Source: GeoAgent (arXiv 2602.12617), consistency reward:
 *
 *   p = 1 / (1 + exp(-lambda (lhat - mu))),   lhat = (l - min) / (max - min)
 *
 * The paper prints no constants. The authors' released code has lambda = 8, mu = 0.5, min = 90 and
 * max = 200 characters, p = 0 below min and 1 above max. Our reading of the paper's `min(l)` and
 * `max(l)` is the shortest and the longest reasoning of the group, level by level.
 * @module
 */
import { GeorError } from '../../core/index.ts';

/** lambda and mu of the released code. */
export const LENGTH_STEEPNESS = 8;
export const LENGTH_MIDPOINT = 0.5;

/** Lengths in characters between which the penalty falls from 1 to 0. */
export interface LengthRange {
  readonly min: number;
  readonly max: number;
}

/** The range of the released code. */
export const RELEASED_LENGTHS: LengthRange = { min: 90, max: 200 };

/**
 * Checks a range and gives it back.
 *
 * @throws GeorError `usage` unless 0 <= min <= max, both finite.
 */
export function checkedLengths({ min, max }: LengthRange): LengthRange {
  if (!(min >= 0 && max >= min && Number.isFinite(max)))
    throw new GeorError('usage', `${min} to ${max} is no range of lengths`, {
      hint: 'give the shortest and the longest length in characters, e.g. 90 and 200',
    });
  return { min, max };
}

const logistic = (relative: number): number =>
  1 / (1 + Math.exp(-LENGTH_STEEPNESS * (relative - LENGTH_MIDPOINT)));

/** The penalty with fixed lengths: 0 below `min`, 1 above `max`, the logistic between. */
export function fixedLengthPenalty(length: number, { min, max }: LengthRange): number {
  if (length < min) return 0;
  if (length > max || max === min) return 1;
  return logistic((length - min) / (max - min));
}

/**
 * The penalty within a group: the logistic between its shortest and longest reasoning. Where all are
 * equally long, nobody is shorter than the longest: lhat = 1.
 */
export function groupLengthPenalty(length: number, { min, max }: LengthRange): number {
  return logistic(max === min ? 1 : (length - min) / (max - min));
}
