/**
 * The graph of generation: reads prompts and decodes tokens, with keys and values of what came before.
 *
 * Sequences are laid out as *cells*: a cell is a prompt with `slots` samples of it. The prompt's keys
 * and values (the *prefix*) are held once per cell and each query of its samples meets them in one
 * matrix product; what the samples wrote themselves (the *past*) is held per sample and grows. A prompt
 * is read as a cell of one slot with many new tokens, a token is decoded with one new token in every
 * slot: one graph, one copy of the weights.
 * @module
 */
import { Graph, ops, type Tensor } from '../tensor/index.ts';
import { embed } from './answer-graph.ts';
import { headDimension, type ModelConfig } from './config.ts';
import { type Attend, angleInputs, decoder, languageHead, type Projected } from './language.ts';
import type { Layers } from './layers.ts';

/**
 * Inputs: `tokens` (cells, slots, new) with `cos` and `sin` of each; `features` (imageTokens, hidden)
 * for the rows `imageRows`; per layer `prefixKey.i`, `prefixValue.i` (cells, key-value heads, prefix,
 * d) and `pastKey.i`, `pastValue.i` (cells, key-value heads, slots, past, d); `prefixMask` (cells, 1,
 * 1, prefix) and `ownMask` (new, past + new): 0 where a query may look, else -1e9; `lastRows`
 * (outputs), the rows whose next token is asked for; `temperature`.
 *
 * Outputs: `probabilities` (outputs, vocabulary); per layer `key.i` and `value.i`, the past and the
 * new together.
 */
export function tokenGraph(config: ModelConfig, layersOf: (graph: Graph) => Layers): Graph {
  const graph = new Graph();
  const layers = layersOf(graph);
  const tokens = graph.input('tokens', ['cells', 'slots', 'new'], 'int64');
  const features = graph.input('features', ['imageTokens', config.hidden_size]);
  const masks = {
    prefix: graph.input('prefixMask', ['cells', 1, 1, 'prefix']),
    own: graph.input('ownMask', ['new', 'own']),
  };
  const angles = angleInputs(graph, 'rows', config);
  const embedded = embed(graph, ops.reshape(tokens, ['rows']), features, layers);
  const attend = cachedAttention(graph, config, masks);
  const hidden = decoder(embedded, angles, config, layers, attend);
  const last = ops.gatherRows(hidden, graph.input('lastRows', ['outputs'], 'int64'));
  // the head is linear: its input is narrower than the logits
  const scaled = ops.div(last, graph.input('temperature', []));
  graph.output(ops.softmax(languageHead(scaled, config, layers)), 'probabilities');
  return graph;
}

/** Attention of the new tokens to the prefix of their cell, to the past of their slot, to each other. */
function cachedAttention(
  graph: Graph,
  config: ModelConfig,
  masks: { readonly prefix: Tensor; readonly own: Tensor },
): Attend {
  const { num_attention_heads: heads, num_key_value_heads: shared } = config;
  const headDim = headDimension(config);
  const repeats = heads / shared;
  const ofSlots = (name: string, x: Tensor, layer: number): Tensor => {
    const split = ops.reshape(x, ['cells', 'slots', 'new', shared, headDim]);
    const fresh = ops.transpose(split, [0, 3, 1, 2, 4]);
    const past = graph.input(`past${name}.${layer}`, ['cells', shared, 'slots', 'past', headDim]);
    const all = ops.concat([past, fresh], 3);
    graph.output(all, `${name.toLowerCase()}.${layer}`);
    return all;
  };
  const ofPrefix = (name: string, layer: number): Tensor =>
    graph.input(`prefix${name}.${layer}`, ['cells', shared, 'prefix', headDim]);

  return ({ query, key, value }: Projected, layer) => {
    const keys = ofSlots('Key', key, layer);
    const values = ofSlots('Value', value, layer);
    const own = keys.shape[3]!;
    const byHead = ops.transpose(
      ops.reshape(query, ['cells', 'slots', 'new', shared, repeats, headDim]),
      [0, 3, 1, 4, 2, 5],
    ); // (cells, shared, slots, repeats, new, d)
    const perSlot = ['cells', shared, 'slots', `${repeats}*new`] as const;
    const perCell = ['cells', shared, `slots*${repeats}*new`] as const;

    const toPrefix = ops.matmul(
      ops.reshape(byHead, [...perCell, headDim]),
      ofPrefix('Key', layer),
      { transposeB: true },
    );
    const toOwn = ops.matmul(ops.reshape(byHead, [...perSlot, headDim]), keys, {
      transposeB: true,
    });
    const ownMasked = ops.add(
      ops.reshape(toOwn, ['cells', shared, 'slots', repeats, 'new', 'own']),
      masks.own,
    );
    const prefixMasked = ops.add(toPrefix, masks.prefix);
    const scores = ops.concat(
      [
        ops.reshape(prefixMasked, [...perSlot, 'prefix']),
        ops.reshape(ownMasked, [...perSlot, 'own']),
      ],
      4,
    );
    const [prefixWeights, ownWeights] = splitAt(ops.softmax(scores), ['prefix', 'own']);
    const fromPrefix = ops.matmul(
      ops.reshape(prefixWeights, [...perCell, 'prefix']),
      ofPrefix('Value', layer),
    );
    const fromOwn = ops.matmul(ops.reshape(ownWeights, [...perSlot, own]), values);
    const mixed = ops.add(ops.reshape(fromPrefix, [...perSlot, headDim]), fromOwn);
    const perHead = ops.reshape(mixed, ['cells', shared, 'slots', repeats, 'new', headDim]);
    const rows = query.shape[0]!;
    return ops.reshape(ops.transpose(perHead, [0, 2, 4, 1, 3, 5]), [rows, heads * headDim]);
  };
}

/** The two parts of the last axis, whose sizes the graph learns from its inputs. */
function splitAt(x: Tensor, [first, second]: readonly [string, string]): [Tensor, Tensor] {
  const { graph } = x;
  const axis = x.shape.length - 1;
  const sizes = graph.apply(
    'Concat',
    [graph.dimension(first), graph.dimension(second)],
    { shape: [2], type: 'int64' },
    { axis: 0 },
  );
  const parts = graph.applyMany(
    'Split',
    [x, sizes],
    [{ shape: x.shape.with(axis, first) }, { shape: x.shape.with(axis, second) }],
    { axis },
  );
  return [parts[0]!, parts[1]!];
}
