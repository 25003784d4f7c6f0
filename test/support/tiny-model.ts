/**
 * Models small enough for tests, and weights by a formula that `interop/make_model_golden.py` shares.
 * @module
 */

import {
  answerGraph,
  batchFeeds,
  type ImageBatch,
  type ModelConfig,
  type PackedBatch,
  type Parameter,
  type Parameters,
  parseModelConfig,
} from '../../src/model/index.ts';
import { parameterShapes } from '../../src/model/parameters.ts';
import { Session, sizeOf } from '../../src/tensor/index.ts';

/** Special tokens of the tiny models. */
export const PAD = 0;
export const VISION_START = 1;
export const VISION_END = 2;
export const IMAGE = 3;
export const EOS = 4;

/** A `config.json` with 64 tokens and width 32: 4 heads on 2 key-value heads, windows of 2 x 2 tokens. */
export const tinyJson = {
  model_type: 'qwen2_5_vl',
  vocab_size: 64,
  hidden_size: 32,
  intermediate_size: 48,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  rms_norm_eps: 1e-6,
  rope_theta: 10_000,
  rope_scaling: { type: 'mrope', mrope_section: [2, 1, 1] },
  max_position_embeddings: 128,
  tie_word_embeddings: true,
  eos_token_id: EOS,
  pad_token_id: PAD,
  image_token_id: IMAGE,
  vision_start_token_id: VISION_START,
  vision_end_token_id: VISION_END,
  vision_config: {
    depth: 3,
    hidden_size: 32,
    intermediate_size: 40,
    num_heads: 2,
    patch_size: 14,
    spatial_merge_size: 2,
    temporal_patch_size: 2,
    window_size: 56,
    fullatt_block_indexes: [1],
    out_hidden_size: 32,
  },
};

/** {@link tinyJson}, parsed. */
export const tinyModelConfig: ModelConfig = parseModelConfig(tinyJson);

/** Uniform numbers in [-1, 1): the finaliser of MurmurHash3 of the index, keyed. */
export function noise(key: number, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => {
    let h = (Math.imul(i, 0x9e3779b1) + Math.imul(key, 0x85ebca6b)) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
    return (h >>> 0) / 2 ** 31 - 1;
  });
}

function weights(key: number, name: string, shape: readonly number[]): Float32Array {
  const size = sizeOf(shape);
  let scale = (u: number): number => u * Math.sqrt((3 * shape[0]!) / size);
  if (shape.length === 1) scale = name.endsWith('bias') ? (u) => u * 0.2 : (u) => 1 + 0.3 * u;
  else if (name.includes('embed_tokens')) scale = (u) => u * 0.5;
  return Float32Array.from(noise(key, size), scale);
}

/** Parameters of the formula; keys are the places in the sorted list of names. */
export function formulaParameters(config: ModelConfig): Map<string, Parameter> {
  const shapes = parameterShapes(config);
  const order = [...shapes.keys()].sort();
  return new Map(
    [...shapes].map(([name, shape]) => [
      name,
      { shape, data: weights(order.indexOf(name), name, shape) },
    ]),
  );
}

/** An image of the formula: height x width x 3 bytes. */
export const formulaImage = (number: number, size: number): Uint8Array =>
  Uint8Array.from(noise(1000 + number, size), (u) => Math.floor((u + 1) * 128));

/** A prompt: the image's tokens between their marks, then words. */
export const imagePrompt = (imageTokens: number, ...words: number[]): number[] => [
  VISION_START,
  ...new Array<number>(imageTokens).fill(IMAGE),
  VISION_END,
  ...words,
];

/** Log-probabilities of a packed batch's answer tokens, by the graph without a cache. */
export async function scoreAnswers(
  config: ModelConfig,
  parameters: Parameters,
  batch: PackedBatch,
  images: ImageBatch,
  temperature = 1,
): Promise<Float32Array> {
  const { graph, logProbabilities } = answerGraph(config, {
    images: 'ragged',
    length: batch.length,
    temperature,
  });
  graph.output(logProbabilities, 'logProbabilities');
  const session = await Session.create(graph, { threads: 1 });
  for (const [name, parameter] of parameters) session.bind(name, parameter);
  const out = await session.run(batchFeeds(batch, images, config, 'ragged'));
  await session.release();
  return out['logProbabilities']!.data as Float32Array;
}
