/**
 * The parameters of a Qwen2.5-VL model: names and shapes as in Hugging Face's checkpoints, and
 * random initial values.
 *
 * Source: transformers, `modeling_qwen2_5_vl.py`; names as in the published checkpoints
 * (`visual.…`, `model.…`, `lm_head.weight`).
 *
 * Initialisation: normal(0, 0.02) for embeddings and normal(0, 1/sqrt(in)) for matrices, those that
 * write into the residual stream scaled by 1/sqrt(2 layers) (GPT-2, section 2.3); HF's uniform 0.02
 * learns slower at width 128.
 * @module
 */
import { random } from '../core/index.ts';
import { sizeOf } from '../tensor/index.ts';
import { headDimension, type ModelConfig } from './config.ts';

/** Values and shapes by checkpoint name, in checkpoint order. */
export type Parameters = ReadonlyMap<string, Parameter>;

/** One parameter. Training changes `data` in place. */
export interface Parameter {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The name and shape of every parameter. A tied head has none of its own. */
export function parameterShapes(config: ModelConfig): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const { vision_config: vision } = config;
  const { hidden_size: width, patch_size: patch } = vision;
  const linear = (name: string, out: number, into: number, bias: boolean): void => {
    shapes.set(`${name}.weight`, [out, into]);
    if (bias) shapes.set(`${name}.bias`, [out]);
  };

  shapes.set('visual.patch_embed.proj.weight', [
    width,
    3,
    vision.temporal_patch_size,
    patch,
    patch,
  ]);
  for (let i = 0; i < vision.depth; i++) {
    const block = `visual.blocks.${i}`;
    shapes.set(`${block}.norm1.weight`, [width]);
    shapes.set(`${block}.norm2.weight`, [width]);
    linear(`${block}.attn.qkv`, 3 * width, width, true);
    linear(`${block}.attn.proj`, width, width, true);
    linear(`${block}.mlp.gate_proj`, vision.intermediate_size, width, true);
    linear(`${block}.mlp.up_proj`, vision.intermediate_size, width, true);
    linear(`${block}.mlp.down_proj`, width, vision.intermediate_size, true);
  }
  const merged = width * vision.spatial_merge_size ** 2;
  shapes.set('visual.merger.ln_q.weight', [width]);
  linear('visual.merger.mlp.0', merged, merged, true);
  linear('visual.merger.mlp.2', vision.out_hidden_size, merged, true);

  const hidden = config.hidden_size;
  const headDim = headDimension(config);
  shapes.set('model.embed_tokens.weight', [config.vocab_size, hidden]);
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const layer = `model.layers.${i}`;
    linear(`${layer}.self_attn.q_proj`, config.num_attention_heads * headDim, hidden, true);
    linear(`${layer}.self_attn.k_proj`, config.num_key_value_heads * headDim, hidden, true);
    linear(`${layer}.self_attn.v_proj`, config.num_key_value_heads * headDim, hidden, true);
    linear(`${layer}.self_attn.o_proj`, hidden, config.num_attention_heads * headDim, false);
    linear(`${layer}.mlp.gate_proj`, config.intermediate_size, hidden, false);
    linear(`${layer}.mlp.up_proj`, config.intermediate_size, hidden, false);
    linear(`${layer}.mlp.down_proj`, hidden, config.intermediate_size, false);
    shapes.set(`${layer}.input_layernorm.weight`, [hidden]);
    shapes.set(`${layer}.post_attention_layernorm.weight`, [hidden]);
  }
  shapes.set('model.norm.weight', [hidden]);
  if (!config.tie_word_embeddings) linear('lm_head', config.vocab_size, hidden, false);
  return shapes;
}

const writesIntoResidual = /(o_proj|down_proj|attn\.proj)\.weight$/;

/** Whether weight decay applies: matrices, not norms and biases (HF Trainer's rule). */
export const decays = (name: string): boolean =>
  !/(norm\d?|layernorm|ln_q)\.weight$|\.bias$/.test(name);

/** Whether a parameter is a matrix between hidden layers: no embedding, head, norm or bias. */
export const isHiddenMatrix = (name: string): boolean =>
  decays(name) && !/(embed_tokens|lm_head)\.weight$/.test(name);

/** How many matrices lie below one another in a parameter: queries, keys, values of the vision blocks. */
export const stackedMatrices = (name: string): number => (name.endsWith('attn.qkv.weight') ? 3 : 1);

/** Random initial parameters. Equal seeds give equal models. */
export function initialParameters(config: ModelConfig, seed: number): Map<string, Parameter> {
  const parameters = new Map<string, Parameter>();
  for (const [name, shape] of parameterShapes(config)) {
    const data = new Float32Array(sizeOf(shape));
    if (name.endsWith('embed_tokens.weight')) fillNormal(data, 0.02, seed, name);
    else if (decays(name)) {
      const depth = name.startsWith('visual')
        ? config.vision_config.depth
        : config.num_hidden_layers;
      const residual = writesIntoResidual.test(name) ? 1 / Math.sqrt(2 * depth) : 1;
      fillNormal(data, residual / Math.sqrt(data.length / shape[0]!), seed, name);
    } else if (name.endsWith('.weight')) data.fill(1);
    parameters.set(name, { shape, data });
  }
  return parameters;
}

function fillNormal(data: Float32Array, deviation: number, seed: number, name: string): void {
  const source = random(seed, 'initial-parameters', name);
  for (let i = 0; i < data.length; i++) data[i] = source.normal() * deviation;
}

/** How many numbers a model has. */
export const parameterCount = (config: ModelConfig): number =>
  [...parameterShapes(config).values()].reduce((total, shape) => total + sizeOf(shape), 0);
