/**
 * Shapes of models: small ones that train on a processor, and the published ones.
 *
 * Sources: `tiny` and the sizes after it are geor's; 3B, 7B and 32B are the `config.json` of
 * Qwen/Qwen2.5-VL-*B-Instruct.
 * @module
 */
import { type ModelConfig, parseModelConfig, type SpecialTokenIds, tinyConfig } from './config.ts';

/** Names of the small presets, with about as many million parameters as they say. */
export type SmallPreset = 'tiny' | '5m' | '25m';

/** Names of the published shapes. */
export type PublishedPreset = '3b' | '7b' | '32b';

const SMALL = {
  tiny: {},
  '5m': {
    ...{ hiddenSize: 192, layers: 5, heads: 6, keyValueHeads: 2, intermediateSize: 512 },
    ...{ visionDepth: 3, visionIntermediateSize: 512 },
  },
  '25m': {
    ...{ hiddenSize: 384, layers: 7, heads: 6, keyValueHeads: 2, intermediateSize: 1408 },
    ...{ visionDepth: 4, visionIntermediateSize: 1024 },
  },
} as const;

/** The configuration of a small preset for a tokenizer of this size. */
export const smallConfig = (
  preset: SmallPreset,
  vocabularySize: number,
  tokens: SpecialTokenIds,
): ModelConfig => tinyConfig(vocabularySize, tokens, SMALL[preset]);

const PUBLISHED = {
  '3b': {
    ...{ hidden_size: 2048, intermediate_size: 11_008, num_hidden_layers: 36 },
    ...{ num_attention_heads: 16, num_key_value_heads: 2, vocab_size: 151_936 },
    tie_word_embeddings: true,
  },
  '7b': {
    ...{ hidden_size: 3584, intermediate_size: 18_944, num_hidden_layers: 28 },
    ...{ num_attention_heads: 28, num_key_value_heads: 4, vocab_size: 152_064 },
    tie_word_embeddings: false,
  },
  '32b': {
    ...{ hidden_size: 5120, intermediate_size: 27_648, num_hidden_layers: 64 },
    ...{ num_attention_heads: 40, num_key_value_heads: 8, vocab_size: 152_064 },
    tie_word_embeddings: false,
  },
} as const;

/** The configuration of a published model. */
export function publishedConfig(preset: PublishedPreset): ModelConfig {
  const text = PUBLISHED[preset];
  return parseModelConfig({
    model_type: 'qwen2_5_vl',
    ...text,
    rms_norm_eps: 1e-6,
    rope_theta: 1_000_000,
    rope_scaling: { type: 'mrope', mrope_section: [16, 24, 24] },
    max_position_embeddings: 128_000,
    bos_token_id: 151_643,
    eos_token_id: 151_645,
    pad_token_id: 151_643,
    vision_start_token_id: 151_652,
    vision_end_token_id: 151_653,
    image_token_id: 151_655,
    vision_config: {
      depth: 32,
      hidden_size: 1280,
      intermediate_size: preset === '32b' ? 3456 : 3420,
      num_heads: 16,
      fullatt_block_indexes: [7, 15, 23, 31],
      out_hidden_size: text.hidden_size,
    },
  });
}
