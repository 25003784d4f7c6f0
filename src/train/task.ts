/**
 * What a trainer learns from, whatever it is made of.
 * @module
 */
import type { Random } from '../core/index.ts';
import type { Coordinate, PlaceNames } from '../geo/index.ts';
import type { ImageGrid } from '../model/index.ts';

/** A question and the answers to it, as token ids. */
export interface Turn {
  readonly prompt: readonly number[];
  /** The answer to learn, the end of turn included. */
  readonly answer: readonly number[];
}

/** Samples by index: images drawn on demand, prompts, answers and where they were taken. */
export interface Task {
  readonly size: number;
  /** Numbers of one image as patches; of no account with `gridOf`. */
  readonly imageSize: number;
  /**
   * The patch grid of a sample whose images differ in size; each is then written as image 0 of an
   * array of its own. Left out, all images have the trainer's grid.
   */
  gridOf?(index: number): ImageGrid;
  /**
   * Writes the patches of sample `index` as image number `slot` of `out`. With `source` the view is
   * jittered as for training; without, it is the sample's own.
   *
   * @throws GeorError `image` or `data` when the picture cannot be read: training records it and
   * takes another sample
   */
  writeImage(index: number, out: Float32Array, slot: number, source?: Random): void | Promise<void>;
  /** The turns that supervised training learns for a sample: one, or one per prompt condition. */
  turns(index: number): readonly Turn[];
  /** The prompt that is answered in generation. */
  prompt(index: number): readonly number[];
  target(index: number): Coordinate;
  /** Names of the true place, for rewards that compare names. Default: from the target. */
  place?(index: number): PlaceNames | null;
  /** What is to be seen in the picture, for rewards that ask. */
  entities?(index: number): readonly string[] | null;
  /** The picture as a `data:` address, for a judge that sees. */
  picture?(index: number): string | null;
}
