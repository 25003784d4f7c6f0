/**
 * What a trainer learns from, whatever it is made of.
 * @module
 */
import type { Random } from '../core/index.ts';
import type { Coordinate } from '../geo/index.ts';

/** A question and the answers to it, as token ids. */
export interface Turn {
  readonly prompt: readonly number[];
  /** The answer to learn, the end of turn included. */
  readonly answer: readonly number[];
}

/** Samples by index: images drawn on demand, prompts, answers and where they were taken. */
export interface Task {
  readonly size: number;
  /** Numbers of one image as patches. */
  readonly imageSize: number;
  /**
   * Writes the patches of sample `index` as image number `slot` of `out`. With `source` the view is
   * jittered as for training; without, it is the sample's own.
   */
  writeImage(index: number, out: Float32Array, slot: number, source?: Random): void;
  /** The turns that supervised training learns for a sample: one, or one per prompt condition. */
  turns(index: number): readonly Turn[];
  /** The prompt that is answered in generation. */
  prompt(index: number): readonly number[];
  target(index: number): Coordinate;
}
