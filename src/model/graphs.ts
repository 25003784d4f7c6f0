/**
 * The graphs of a model: answers scored (for training and for a reference), prompts read, and one
 * token decoded.
 *
 * Batch dimensions are names, so one compiled graph serves every batch.
 * @module
 */
import { invariant } from '../core/index.ts';
import { Graph, ops, type Tensor } from '../tensor/index.ts';
import { headDimension, type ModelConfig } from './config.ts';
import { decoder, languageHead, sequenceAttention } from './language.ts';
import { parameterShapes } from './parameters.ts';
import { type ImageGrid, type ParameterOf, patchLength, visionTransformer } from './vision.ts';

/** Parameters as inputs of a graph, declared when they are first used. */
function parameterInputs(
  graph: Graph,
  config: ModelConfig,
): { all: Map<string, Tensor>; of: ParameterOf } {
  const shapes = parameterShapes(config);
  const all = new Map<string, Tensor>();
  const of = (name: string): Tensor => {
    let input = all.get(name);
    if (!input) {
      const shape = shapes.get(name);
      invariant(shape, `the model has no parameter ${name}`);
      input = graph.input(name, shape);
      all.set(name, input);
    }
    return input;
  };
  return { all, of };
}

/** Token embeddings with image features in the places of the image's placeholder tokens. */
function embed(
  graph: Graph,
  rows: string,
  config: ModelConfig,
  grid: ImageGrid,
  parameter: ParameterOf,
): Tensor {
  const patches = grid.height * grid.width;
  const pixels = graph.input('pixels', [`images*${patches}`, patchLength(config.vision_config)]);
  const features = visionTransformer(pixels, 'images', grid, config.vision_config, parameter);
  const tokens = graph.input('tokens', [rows], 'int64');
  const imageRows = graph.input('imageRows', ['imageTokens'], 'int64');
  const imageFeatures = graph.input('imageFeatures', ['imageTokens'], 'int64');
  const words = ops.gatherRows(parameter('model.embed_tokens.weight'), tokens);
  return ops.replaceRows(words, imageRows, ops.gatherRows(features, imageFeatures));
}

const angles = (graph: Graph, rows: string, config: ModelConfig): { cos: Tensor; sin: Tensor } => {
  const shape = [rows, headDimension(config) / 2];
  return { cos: graph.input('cos', shape), sin: graph.input('sin', shape) };
};

/** A graph that scores answers. */
export interface AnswerGraph {
  readonly graph: Graph;
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** Log-probability of every answer token at the sampling temperature, (answers). */
  readonly logProbabilities: Tensor;
}

/**
 * Log-probabilities of the answer tokens of a packed batch (`pack`).
 *
 * @param length - tokens per packed row
 * @param temperature - divides the logits, as in sampling
 */
export function answerGraph(
  config: ModelConfig,
  { grid, length, temperature = 1 }: { grid: ImageGrid; length: number; temperature?: number },
): AnswerGraph {
  const graph = new Graph();
  const { all: parameters, of: parameter } = parameterInputs(graph, config);
  const embedded = embed(graph, 'rows', config, grid, parameter);
  const mask = graph.input('mask', ['sequences', 1, length, length]);
  const attend = sequenceAttention('sequences', length, mask, config);
  const hidden = decoder(embedded, angles(graph, 'rows', config), config, parameter, attend);
  const answers = ops.gatherRows(hidden, graph.input('answerRows', ['answers'], 'int64'));
  const logits = languageHead(answers, config, parameter);
  const scaled = temperature === 1 ? logits : ops.mul(logits, 1 / temperature);
  const targets = graph.input('answerTargets', ['answers'], 'int64');
  return { graph, parameters, logProbabilities: ops.tokenLogProbabilities(scaled, targets) };
}

const probabilities = (hidden: Tensor, config: ModelConfig, parameter: ParameterOf): Tensor => {
  const logits = languageHead(hidden, config, parameter);
  const temperature = hidden.graph.input('temperature', []);
  return ops.softmax(ops.div(logits, temperature));
};

/**
 * Reads prompts of equal length: outputs `probabilities` of the next token, (prompts, vocabulary),
 * and each layer's `key.i` and `value.i`, (prompts, key-value heads, length, d).
 */
export function promptGraph(
  config: ModelConfig,
  { grid, length }: { grid: ImageGrid; length: number },
): Graph {
  const graph = new Graph();
  const { of: parameter } = parameterInputs(graph, config);
  const embedded = embed(graph, 'rows', config, grid, parameter);
  const causal = Float32Array.from({ length: length * length }, (_, i) =>
    i % length <= Math.floor(i / length) ? 0 : -1e9,
  );
  const mask = graph.constant(causal, [1, 1, length, length]);
  const attend = sequenceAttention('prompts', length, mask, config, (layer, key, value) => {
    graph.output(key, `key.${layer}`);
    graph.output(value, `value.${layer}`);
  });
  const hidden = decoder(embedded, angles(graph, 'rows', config), config, parameter, attend);
  const perPrompt = ops.reshape(hidden, ['prompts', length, config.hidden_size]);
  const last = ops.reshape(ops.slice(perPrompt, 1, length - 1, length), [
    'prompts',
    config.hidden_size,
  ]);
  graph.output(probabilities(last, config, parameter), 'probabilities');
  return graph;
}

/**
 * Decodes one token per sample: inputs `pastKey.i` and `pastValue.i`, outputs `key.i` and `value.i`
 * one longer, and `probabilities`, (samples, vocabulary).
 */
export function tokenGraph(config: ModelConfig): Graph {
  const graph = new Graph();
  const { of: parameter } = parameterInputs(graph, config);
  const { num_attention_heads: heads, num_key_value_heads: keyValueHeads } = config;
  const headDim = headDimension(config);
  const tokens = graph.input('tokens', ['samples'], 'int64');
  const embedded = ops.gatherRows(parameter('model.embed_tokens.weight'), tokens);
  const extend = (name: string, layer: number, x: Tensor): Tensor => {
    const past = graph.input(`past${name}.${layer}`, ['samples', keyValueHeads, 'past', headDim]);
    const all = ops.concat([past, ops.reshape(x, ['samples', keyValueHeads, 1, headDim])], 2);
    graph.output(all, `${name.toLowerCase()}.${layer}`);
    return all;
  };
  const hidden = decoder(
    embedded,
    angles(graph, 'samples', config),
    config,
    parameter,
    (projected, layer) => {
      const keys = extend('Key', layer, projected.key);
      const values = extend('Value', layer, projected.value);
      const queries = ops.reshape(projected.query, [
        'samples',
        keyValueHeads,
        heads / keyValueHeads,
        headDim,
      ]);
      const scores = ops.matmul(queries, keys, { transposeB: true });
      return ops.reshape(ops.matmul(ops.softmax(scores), values), ['samples', heads * headDim]);
    },
  );
  graph.output(probabilities(hidden, config, parameter), 'probabilities');
  return graph;
}
