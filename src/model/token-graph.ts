/**
 * The graph of generation: reads prompts and decodes tokens, with keys and values of what came before.
 *
 * Sequences are laid out as *cells*. A cell has one cache of keys and values, in which each new token
 * is given a place, and a mask that says which places each new token sees. So a cell holds a prompt
 * that is read, or a prompt once with several samples of it, whose queries meet it in one product: one
 * graph, one copy of the weights.
 * @module
 */
import { Graph, ops, type Tensor } from '../tensor/index.ts';
import { embed } from './answer-graph.ts';
import { headDimension, type ModelConfig } from './config.ts';
import { type Attend, angleInputs, decoder, languageHead } from './language.ts';
import type { Layers } from './layers.ts';

/**
 * Inputs: `tokens` (cells, new) with `cos` and `sin` of each; `features` (imageTokens, hidden) for the
 * rows `imageRows`; per layer the cache `keys.i` and `values.i` (cells, capacity, key-value heads x d);
 * `places` (cells x new, 2), the cell and the place in its cache that each new token takes; `mask`
 * (cells, 1, new, capacity): 0 where a new token may look, else -1e9; `lastRows` (outputs), the rows
 * whose next token is asked for; `temperature`.
 *
 * Outputs: `probabilities` (outputs, vocabulary); per layer `newKeys.i` and `newValues.i`, the cache
 * with the new tokens in it, which may be written over the old one.
 */
export function tokenGraph(config: ModelConfig, layersOf: (graph: Graph) => Layers): Graph {
  const graph = new Graph();
  const layers = layersOf(graph);
  const tokens = graph.input('tokens', ['cells', 'new'], 'int64');
  const features = graph.input('features', ['imageTokens', config.hidden_size]);
  const angles = angleInputs(graph, 'rows', config);
  const embedded = embed(graph, ops.reshape(tokens, ['rows']), features, layers);
  const hidden = decoder(embedded, angles, config, layers, cachedAttention(graph, config));
  const last = ops.gatherRows(hidden, graph.input('lastRows', ['outputs'], 'int64'));
  // the head is linear: its input is narrower than the logits
  const scaled = ops.div(last, graph.input('temperature', []));
  graph.output(ops.softmax(languageHead(scaled, config, layers)), 'probabilities');
  return graph;
}

/** Attention of the new tokens to what their cell's cache holds, themselves included. */
function cachedAttention(graph: Graph, config: ModelConfig): Attend {
  const { num_attention_heads: heads, num_key_value_heads: shared } = config;
  const headDim = headDimension(config);
  const repeats = heads / shared;
  const width = shared * headDim;
  const places = graph.input('places', ['rows', 2], 'int64');
  const mask = graph.input('mask', ['cells', 1, 'new', 'capacity']);
  const cached = (name: string, fresh: Tensor, layer: number): Tensor => {
    const before = graph.input(`${name.toLowerCase()}.${layer}`, ['cells', 'capacity', width]);
    const cache = ops.replacePlaces(before, places, ops.reshape(fresh, ['rows', width]));
    graph.output(cache, `new${name}.${layer}`);
    return cache;
  };
  // heads that share keys stand one below the other, so that keys are met once
  const stacked = repeats === 1 ? 'new' : `new*${repeats}`;
  const stackedMask = ops.reshape(
    ops.concat(
      new Array<Tensor>(repeats).fill(ops.reshape(mask, ['cells', 1, 'new', 1, 'capacity'])),
      3,
    ),
    ['cells', 1, stacked, 'capacity'],
  );
  return ({ query, key, value }, layer) => {
    const stack = ops.transpose(
      ops.reshape(query, ['rows', shared, repeats, headDim]),
      [0, 2, 1, 3],
    );
    const mixed = ops.attention(
      {
        query: ops.reshape(stack, ['cells', stacked, width]),
        key: cached('Keys', key, layer),
        value: cached('Values', value, layer),
        mask: stackedMask,
      },
      { heads: shared, keyValueHeads: shared },
    );
    const unstack = ops.transpose(
      ops.reshape(mixed, ['rows', repeats, shared, headDim]),
      [0, 2, 1, 3],
    );
    return ops.reshape(unstack, ['rows', heads * headDim]);
  };
}
