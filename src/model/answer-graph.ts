/**
 * The graph that scores answers: for training, for a reference policy, for `Policy.logProbabilities`.
 *
 * Batch dimensions are names, so one compiled graph serves every batch.
 * @module
 */
import { Graph, ops, type Tensor } from '../tensor/index.ts';
import type { ModelConfig } from './config.ts';
import { angleInputs, decoder, languageHead, sequenceAttention } from './language.ts';
import { type Layers, parameterInputs } from './layers.ts';
import { adaptLayers, type LoraTarget } from './lora/index.ts';
import { type VisionShape, visionTransformer } from './vision.ts';

/** A graph that scores answers. */
export interface AnswerGraph {
  readonly graph: Graph;
  /** The parameters, which are inputs. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** What training changes, all inputs: an adapter's matrices, or without one the parameters. */
  readonly trained: ReadonlyMap<string, Tensor>;
  /** Of every answer token, (answers, vocabulary). */
  readonly logits: Tensor;
  /** Log-probability of every answer token at the sampling temperature, (answers). */
  readonly logProbabilities: Tensor;
}

/** What an answer graph is made for. */
export interface AnswerGraphShape {
  /** How the images of a batch may differ; `none` for text alone. */
  readonly images: VisionShape | 'none';
  /** Tokens per packed row; any when left out. */
  readonly length?: number;
  /** Divides the logits, as in sampling. Default 1. */
  readonly temperature?: number;
  /** The layers of an adapter (`Adapter.targets`); the parameters are frozen then. */
  readonly adapter?: ReadonlyMap<string, LoraTarget>;
}

/** Token embeddings with image features in the places of the image's placeholder tokens. */
export function embed(graph: Graph, tokens: Tensor, features: Tensor, layers: Layers): Tensor {
  const words = ops.gatherRows(layers.parameter('model.embed_tokens.weight'), tokens);
  return ops.replaceRows(words, graph.input('imageRows', ['imageTokens'], 'int64'), features);
}

/** Log-probabilities of the answer tokens of a packed batch (`pack`). */
export function answerGraph(
  config: ModelConfig,
  { images, length, temperature = 1, adapter }: AnswerGraphShape,
): AnswerGraph {
  const graph = new Graph();
  const base = parameterInputs(graph, config);
  const adapted = adapter && adaptLayers(graph, base.layers, config, adapter);
  const { layers } = adapted ?? base;
  const side = length ?? 'length';
  const tokens = graph.input('tokens', ['rows'], 'int64');
  let embedded: Tensor;
  if (images === 'none')
    embedded = ops.gatherRows(layers.parameter('model.embed_tokens.weight'), tokens);
  else {
    const features = visionTransformer(graph, images, config.vision_config, layers);
    const featureOf = graph.input('imageFeatures', ['imageTokens'], 'int64');
    embedded = embed(graph, tokens, ops.gatherRows(features, featureOf), layers);
  }
  const mask = graph.input('mask', ['sequences', 1, side, side]);
  const angles = angleInputs(graph, 'rows', config);
  const hidden = decoder(embedded, angles, config, layers, sequenceAttention(mask, config));
  const answers = ops.gatherRows(hidden, graph.input('answerRows', ['answers'], 'int64'));
  const logits = languageHead(answers, config, layers);
  const scaled = temperature === 1 ? logits : ops.mul(logits, 1 / temperature);
  const targets = graph.input('answerTargets', ['answers'], 'int64');
  return {
    graph,
    parameters: base.all,
    trained: adapted?.matrices ?? base.all,
    logits,
    logProbabilities: ops.tokenLogProbabilities(scaled, targets),
  };
}
