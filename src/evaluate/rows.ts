/**
 * What is evaluated: the truth, and what was said about it.
 * @module
 */
import type { Coordinate } from '../geo/index.ts';

/** Where a picture was taken. */
export interface TruthRow extends Coordinate {
  readonly id: string;
  /** What else is known of the picture (scene class, locatability), to break results down by. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * What a system answered: a coordinate, or the text it wrote, or neither (a refusal).
 *
 * With both, the coordinate counts. Half a coordinate, or one off the globe, is no coordinate.
 */
export interface PredictionRow {
  readonly id: string;
  /** Degrees. */
  readonly lat?: number | undefined;
  readonly lon?: number | undefined;
  readonly completion?: string | undefined;
  /** How sure the system says it is, in [0, 1]. */
  readonly confidence?: number | undefined;
}
