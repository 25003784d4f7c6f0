/**
 * The language model of Qwen2.5-VL: decoder layers with grouped-query attention, rotary positions
 * on three axes and SwiGLU.
 *
 * Source: transformers, `Qwen2_5_VLDecoderLayer`, `Qwen2_5_VLAttention`. Everything that works row
 * by row (norms, projections, MLP) sees one matrix of rows; only attention sees sequences.
 * @module
 */
import { ops, type Tensor } from '../tensor/index.ts';
import { headDimension, type ModelConfig } from './config.ts';
import { applyRotary, type WideAngles, widen } from './rotary.ts';
import type { ParameterOf } from './vision.ts';

/** Queries (scaled), keys and values of one layer, by row: (rows, heads or key-value heads x d). */
export interface Projected {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
}

/** Mixes values by attention: the part that differs between training and decoding. */
export type Attend = (projected: Projected, layer: number) => Tensor;

/**
 * All decoder layers and the final norm.
 *
 * @param embedded - (rows, hidden)
 * @param angles - cosines and sines, (rows, d / 2)
 * @param attend - (rows, heads x d) from the projections
 * @returns (rows, hidden)
 */
export function decoder(
  embedded: Tensor,
  angles: { cos: Tensor; sin: Tensor },
  config: ModelConfig,
  parameter: ParameterOf,
  attend: Attend,
): Tensor {
  const wide = widen(angles, config.num_attention_heads + config.num_key_value_heads);
  let hidden = embedded;
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const of = (name: string): Tensor => parameter(`model.layers.${i}.${name}`);
    const normed = ops.rmsNorm(hidden, of('input_layernorm.weight'), config.rms_norm_eps);
    const attended = attend(project(normed, wide, config, of), i);
    hidden = ops.add(hidden, ops.linear(attended, of('self_attn.o_proj.weight')));

    const attendedNorm = ops.rmsNorm(
      hidden,
      of('post_attention_layernorm.weight'),
      config.rms_norm_eps,
    );
    const gate = ops.silu(ops.linear(attendedNorm, of('mlp.gate_proj.weight')));
    const up = ops.linear(attendedNorm, of('mlp.up_proj.weight'));
    const down = ops.linear(ops.mul(gate, up), of('mlp.down_proj.weight'));
    hidden = ops.add(hidden, down);
  }
  return ops.rmsNorm(hidden, parameter('model.norm.weight'), config.rms_norm_eps);
}

function project(x: Tensor, wide: WideAngles, config: ModelConfig, of: ParameterOf): Projected {
  const headDim = headDimension(config);
  const queryWidth = config.num_attention_heads * headDim;
  const keyWidth = config.num_key_value_heads * headDim;
  const names = ['q_proj', 'k_proj', 'v_proj'];
  // one product instead of three: the matrices are small, the rows many
  const weight = ops.concat(
    names.map((name) => of(`self_attn.${name}.weight`)),
    0,
  );
  const bias = ops.concat(
    names.map((name) => of(`self_attn.${name}.bias`)),
    0,
  );
  const [queryKey, value] = ops.split(ops.linear(x, weight, bias), 1, [
    queryWidth + keyWidth,
    keyWidth,
  ]) as [Tensor, Tensor];
  const turned = applyRotary(queryKey, wide, headDim);
  const [query, key] = ops.split(turned, 1, [queryWidth, keyWidth]) as [Tensor, Tensor];
  return { query: ops.mul(query, headDim ** -0.5), key, value };
}

/** Logits of some rows. @returns (rows, vocabulary) */
export function languageHead(hidden: Tensor, config: ModelConfig, parameter: ParameterOf): Tensor {
  return ops.linear(
    hidden,
    parameter(config.tie_word_embeddings ? 'model.embed_tokens.weight' : 'lm_head.weight'),
  );
}

/**
 * Attention inside sequences of equal length, with an additive mask.
 *
 * @param sequences - how many sequences the rows are: a size or a name
 * @param mask - (sequences or 1, 1, length, length): 0 where a query may look, else -1e9
 * @param onKeyValue - sees keys and values as (sequences, key-value heads, length, d), to keep them
 */
export function sequenceAttention(
  sequences: number | string,
  length: number,
  mask: Tensor,
  config: ModelConfig,
  onKeyValue: (layer: number, key: Tensor, value: Tensor) => void = () => {},
): Attend {
  const { num_attention_heads: heads, num_key_value_heads: keyValueHeads } = config;
  const headDim = headDimension(config);
  const repeats = heads / keyValueHeads;
  return ({ query, key, value }, layer) => {
    const byHead = (x: Tensor, count: number): Tensor =>
      ops.transpose(ops.reshape(x, [sequences, length, count, headDim]), [0, 2, 1, 3]);
    const keys = byHead(key, keyValueHeads);
    const values = byHead(value, keyValueHeads);
    onKeyValue(layer, keys, values);
    // the heads that share a key-value head are stacked along the length: no copy of keys
    const queries = ops.reshape(byHead(query, heads), [
      sequences,
      keyValueHeads,
      repeats * length,
      headDim,
    ]);
    const scores = ops.matmul(queries, keys, { transposeB: true });
    const weights = ops.softmax(
      ops.add(ops.reshape(scores, [sequences, heads, length, length]), mask),
    );
    const mixed = ops.matmul(
      ops.reshape(weights, [sequences, keyValueHeads, repeats * length, length]),
      values,
    );
    const perHead = ops.reshape(mixed, [sequences, heads, length, headDim]);
    return ops.reshape(ops.transpose(perHead, [0, 2, 1, 3]), [query.shape[0]!, heads * headDim]);
  };
}
