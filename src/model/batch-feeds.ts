/**
 * A packed batch as the inputs of an answer graph.
 * @module
 */
import type { Shaped } from '../tensor/index.ts';
import { headDimension, type ModelConfig } from './config.ts';
import type { PackedBatch } from './packing.ts';
import { languageAngles } from './rotary.ts';
import { patchLength } from './vision.ts';

/** Inputs of `answerGraph` for a batch and the patches of its images. */
export function batchFeeds(
  batch: PackedBatch,
  pixels: Float32Array,
  config: ModelConfig,
): Record<string, Shaped> {
  const rows = batch.tokens.length;
  const { cos, sin } = languageAngles(config, batch.positions);
  const angleShape = [rows, headDimension(config) / 2];
  const flat = (data: BigInt64Array): Shaped => ({ data, shape: [data.length] });
  const patch = patchLength(config.vision_config);
  return {
    pixels: { data: pixels, shape: [pixels.length / patch, patch] },
    tokens: flat(batch.tokens),
    imageRows: flat(batch.imageRows),
    imageFeatures: flat(batch.imageFeatures),
    cos: { data: cos, shape: angleShape },
    sin: { data: sin, shape: angleShape },
    mask: { data: batch.mask, shape: [batch.sequences, 1, batch.length, batch.length] },
    answerRows: flat(batch.answerRows),
    answerTargets: flat(batch.answerTargets),
  };
}
