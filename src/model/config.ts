/**
 * The configuration of a Qwen2.5-VL model, as Hugging Face writes it in `config.json`.
 *
 * Source: transformers, `configuration_qwen2_5_vl.py` (field names and meanings).
 * @module
 */
import { z } from 'zod';
import { GeorError } from '../core/index.ts';
import { flatConfig } from './config-layouts.ts';

const size = z.int().positive();
const token = z.int().nonnegative();

const visionFields = {
  depth: size,
  hidden_size: size,
  hidden_act: z.literal('silu').default('silu'),
  intermediate_size: size,
  num_heads: size,
  in_channels: z.literal(3).default(3),
  patch_size: size.default(14),
  spatial_merge_size: size.default(2),
  temporal_patch_size: size.default(2),
  /** Side of an attention window, pixels. */
  window_size: size.default(112),
  /** Layers that attend over the whole image. */
  fullatt_block_indexes: z.array(z.int().nonnegative()),
  out_hidden_size: size,
  /** As transformers 5 writes it; the base is the same in every model. */
  rope_parameters: z.looseObject({ rope_theta: z.literal(10_000) }).optional(),
};
const visionSchema = z.object(visionFields);

const configFields = {
  model_type: z.literal('qwen2_5_vl'),
  architectures: z.array(z.string()).default(['Qwen2_5_VLForConditionalGeneration']),
  vocab_size: size,
  hidden_size: size,
  hidden_act: z.literal('silu').default('silu'),
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size,
  rms_norm_eps: z.number().positive().default(1e-5),
  rope_theta: z.number().positive().default(1_000_000),
  rope_scaling: z.object({
    type: z.literal('mrope'),
    /** How many rotary frequencies follow time, row and column. */
    mrope_section: z.tuple([size, size, size]),
  }),
  max_position_embeddings: size.default(32_768),
  /** Sliding windows of the language model are not built; no published checkpoint uses them. */
  use_sliding_window: z.literal(false).optional(),
  tie_word_embeddings: z.boolean().default(false),
  bos_token_id: token.optional(),
  /** Of several, the first; `generation_config.json` has them all. */
  eos_token_id: z
    .union([token, z.array(token).min(1)])
    .transform((ids): number => [ids].flat()[0]!),
  pad_token_id: token.optional(),
  image_token_id: token,
  vision_start_token_id: token,
  vision_end_token_id: token,
};

/** Fields that geor does not know stay: they are written again. */
const configSchema = z.looseObject({ ...configFields, vision_config: z.looseObject(visionFields) });
const knownSchema = z.object({ ...configFields, vision_config: visionSchema });

/** A Qwen2.5-VL model's shape and its special tokens. */
export type ModelConfig = z.infer<typeof knownSchema>;

/** The shape of the vision transformer. */
export type VisionConfig = z.infer<typeof visionSchema>;

/**
 * Reads and checks a `config.json`, in any layout that transformers has written.
 *
 * @throws GeorError `config` naming the field that is wrong
 */
export function parseModelConfig(json: unknown): ModelConfig {
  const parsed = configSchema.safeParse(flatConfig(json));
  if (!parsed.success) {
    throw new GeorError(
      'config',
      `config.json is not a Qwen2.5-VL configuration: ${z.prettifyError(parsed.error)}`,
    );
  }
  const config = parsed.data;
  const { vision_config: vision } = config;
  const headDim = config.hidden_size / config.num_attention_heads;
  const rules: readonly [boolean, string][] = [
    [
      Number.isInteger(headDim) && headDim % 2 === 0,
      'hidden_size / num_attention_heads must be even',
    ],
    [
      config.num_attention_heads % config.num_key_value_heads === 0,
      'heads must share key-value heads evenly',
    ],
    [
      config.rope_scaling.mrope_section.reduce((a, b) => a + b, 0) === headDim / 2,
      'mrope_section must sum to half a head',
    ],
    [(vision.hidden_size / vision.num_heads) % 4 === 0, 'a vision head must be divisible by 4'],
    [
      vision.out_hidden_size === config.hidden_size,
      'vision out_hidden_size must equal hidden_size',
    ],
  ];
  for (const [holds, rule] of rules) {
    if (!holds) throw new GeorError('config', `config.json: ${rule}`);
  }
  return config;
}

/** Width of one attention head of the language model. */
export const headDimension = (config: ModelConfig): number =>
  config.hidden_size / config.num_attention_heads;

/** The special tokens a small model is made with. */
export interface SpecialTokenIds {
  readonly endOfText: number;
  readonly endOfTurn: number;
  readonly visionStart: number;
  readonly visionEnd: number;
  readonly imagePad: number;
}

/** What a preset leaves open. */
export interface TinyShape {
  readonly hiddenSize?: number;
  readonly layers?: number;
  readonly heads?: number;
  readonly keyValueHeads?: number;
  readonly intermediateSize?: number;
  readonly visionDepth?: number;
  readonly visionIntermediateSize?: number;
}

/** The `tiny` preset: about 1.5 million parameters, Qwen2.5-VL in every detail but size. */
export function tinyConfig(
  vocabularySize: number,
  tokens: SpecialTokenIds,
  shape: TinyShape = {},
): ModelConfig {
  const {
    hiddenSize = 128,
    layers = 4,
    heads = 4,
    keyValueHeads = 2,
    intermediateSize = 384,
  } = shape;
  const { visionDepth = 2, visionIntermediateSize = 384 } = shape;
  const half = hiddenSize / heads / 2;
  const spatial = Math.floor((half * 3) / 8); // Qwen2.5-VL: 16, 24, 24 of 64
  return parseModelConfig({
    model_type: 'qwen2_5_vl',
    vocab_size: vocabularySize,
    hidden_size: hiddenSize,
    intermediate_size: intermediateSize,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads,
    rms_norm_eps: 1e-6,
    max_position_embeddings: 512,
    rope_theta: 10_000,
    rope_scaling: { type: 'mrope', mrope_section: [half - 2 * spatial, spatial, spatial] },
    tie_word_embeddings: true,
    eos_token_id: tokens.endOfTurn,
    pad_token_id: tokens.endOfText,
    bos_token_id: tokens.endOfText,
    image_token_id: tokens.imagePad,
    vision_start_token_id: tokens.visionStart,
    vision_end_token_id: tokens.visionEnd,
    vision_config: {
      depth: visionDepth,
      hidden_size: hiddenSize,
      intermediate_size: visionIntermediateSize,
      num_heads: heads,
      fullatt_block_indexes: [visionDepth - 1],
      out_hidden_size: hiddenSize,
    },
  });
}
