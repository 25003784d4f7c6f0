/**
 * A packed batch as the inputs of an answer graph.
 * @module
 */
import type { Shaped } from '../tensor/index.ts';
import type { AnswerGraphShape } from './answer-graph.ts';
import { headDimension, type ModelConfig } from './config.ts';
import type { PackedBatch } from './packing.ts';
import { languageAngles } from './rotary.ts';
import { type ImageBatch, visionFeeds } from './vision-feeds.ts';

/** Inputs of `answerGraph` for a batch and its images. */
export function batchFeeds(
  batch: PackedBatch,
  images: ImageBatch,
  config: ModelConfig,
  shape: AnswerGraphShape['images'],
): Record<string, Shaped> {
  const { cos, sin } = languageAngles(config, batch.positions);
  const angleShape = [batch.tokens.length, headDimension(config) / 2];
  const flat = (data: BigInt64Array): Shaped => ({ data, shape: [data.length] });
  const feeds: Record<string, Shaped> = {
    tokens: flat(batch.tokens),
    cos: { data: cos, shape: angleShape },
    sin: { data: sin, shape: angleShape },
    mask: { data: batch.mask, shape: [batch.sequences, 1, batch.length, batch.length] },
    answerRows: flat(batch.answerRows),
    answerTargets: flat(batch.answerTargets),
  };
  if (shape === 'none') return feeds;
  const vision = visionFeeds(config.vision_config, images, shape);
  return {
    ...feeds,
    ...vision.feeds,
    imageRows: flat(batch.imageRows),
    imageFeatures: flat(
      BigInt64Array.from(batch.imageTokens, (token) => BigInt(vision.featureOf[token]!)),
    ),
  };
}
