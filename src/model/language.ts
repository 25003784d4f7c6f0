/**
 * The language model of Qwen2.5-VL: decoder layers with grouped-query attention, rotary positions
 * on three axes and SwiGLU.
 *
 * Source: transformers, `Qwen2_5_VLDecoderLayer`, `Qwen2_5_VLAttention`. Everything that works row
 * by row (norms, projections, MLP) sees one matrix of rows; only attention sees sequences.
 * @module
 */
import { type Graph, ops, type Tensor } from '../tensor/index.ts';
import { headDimension, type ModelConfig } from './config.ts';
import type { Layers } from './layers.ts';
import { applyRotary, type WideAngles, widen } from './rotary.ts';

/** Queries (scaled), keys and values of one layer, by row: (rows, heads or key-value heads x d). */
export interface Projected {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
}

/** Mixes values by attention: the part that differs between training and decoding. */
export type Attend = (projected: Projected, layer: number) => Tensor;

/** The inputs `cos` and `sin` of a graph: angles of every row, (rows, d / 2). */
export function angleInputs(
  graph: Graph,
  rows: string,
  config: ModelConfig,
): { cos: Tensor; sin: Tensor } {
  const shape = [rows, headDimension(config) / 2];
  return { cos: graph.input('cos', shape), sin: graph.input('sin', shape) };
}

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
  layers: Layers,
  attend: Attend,
): Tensor {
  const wide = widen(angles, config.num_attention_heads + config.num_key_value_heads);
  const norm = (x: Tensor, name: string): Tensor =>
    ops.rmsNorm(x, layers.parameter(`${name}.weight`), config.rms_norm_eps);
  let hidden = embedded;
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const layer = `model.layers.${i}`;
    const normed = norm(hidden, `${layer}.input_layernorm`);
    const attended = attend(project(normed, wide, config, layers, `${layer}.self_attn`), i);
    hidden = ops.add(hidden, layers.linear(attended, `${layer}.self_attn.o_proj`));

    const attendedNorm = norm(hidden, `${layer}.post_attention_layernorm`);
    const gate = ops.silu(layers.linear(attendedNorm, `${layer}.mlp.gate_proj`));
    const up = layers.linear(attendedNorm, `${layer}.mlp.up_proj`);
    hidden = ops.add(hidden, layers.linear(ops.mul(gate, up), `${layer}.mlp.down_proj`));
  }
  return norm(hidden, 'model.norm');
}

function project(
  x: Tensor,
  wide: WideAngles,
  config: ModelConfig,
  layers: Layers,
  name: string,
): Projected {
  const headDim = headDimension(config);
  const [queryKey, value] = layers.linears(x, [
    [`${name}.q_proj`, `${name}.k_proj`],
    [`${name}.v_proj`],
  ]) as [Tensor, Tensor];
  const [query, key] = ops.split(applyRotary(queryKey, wide, headDim), 1, [
    config.num_attention_heads * headDim,
    config.num_key_value_heads * headDim,
  ]) as [Tensor, Tensor];
  return { query: ops.mul(query, headDim ** -0.5), key, value };
}

/** Logits of some rows. @returns (rows, vocabulary) */
export const languageHead = (hidden: Tensor, config: ModelConfig, layers: Layers): Tensor =>
  layers.linear(hidden, config.tie_word_embeddings ? 'model.embed_tokens' : 'lm_head');

/**
 * Attention inside sequences of equal length, with an additive mask.
 *
 * @param mask - (sequences, 1, length, length): 0 where a query may look, else -1e9
 */
export function sequenceAttention(mask: Tensor, config: ModelConfig): Attend {
  const { num_attention_heads: heads, num_key_value_heads: keyValueHeads } = config;
  const [sequences, , length] = mask.shape as [number | string, 1, number | string];
  const headDim = headDimension(config);
  const repeats = heads / keyValueHeads;
  // the heads that share a key-value head are stacked along the length: no copy of keys
  const stacked = typeof length === 'number' ? repeats * length : `${repeats}*${length}`;
  return ({ query, key, value }) => {
    const byHead = (x: Tensor, count: number): Tensor =>
      ops.transpose(ops.reshape(x, [sequences, length, count, headDim]), [0, 2, 1, 3]);
    const queries = ops.reshape(byHead(query, heads), [sequences, keyValueHeads, stacked, headDim]);
    const scores = ops.matmul(queries, byHead(key, keyValueHeads), { transposeB: true });
    const weights = ops.softmax(
      ops.add(ops.reshape(scores, [sequences, heads, length, length]), mask),
    );
    const mixed = ops.matmul(
      ops.reshape(weights, [sequences, keyValueHeads, stacked, length]),
      byHead(value, keyValueHeads),
    );
    const perHead = ops.reshape(mixed, [sequences, heads, length, headDim]);
    return ops.reshape(ops.transpose(perHead, [0, 2, 1, 3]), [query.shape[0]!, heads * headDim]);
  };
}
