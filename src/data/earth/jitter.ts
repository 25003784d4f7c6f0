/**
 * How training tiles vary: in scale only.
 *
 * The truth of a tile is its centre. A shift would move the truth with it, into another block or onto
 * the sea, and would add nothing that drawing more points does not: points are free. A scale keeps
 * the truth, and keeps a model from reading distances off a fixed number of pixels.
 * @module
 */
import type { Random } from '../../core/index.ts';

/** The smallest and the largest scale of a training tile. */
export const SCALE_RANGE: readonly [number, number] = [0.85, 1.15];

/** What to change about a tile; multiply its `spanDegrees` by `scale`. */
export interface Jitter {
  readonly scale: number;
}

/** A draw for one training tile, uniform in {@link SCALE_RANGE}; evaluation uses none. */
export function jitter(source: Random): Jitter {
  return { scale: SCALE_RANGE[0] + source.uniform() * (SCALE_RANGE[1] - SCALE_RANGE[0]) };
}
