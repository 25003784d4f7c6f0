/**
 * The graph that turns images into features, once for all prompts that show them.
 * @module
 */
import { Graph } from '../tensor/index.ts';
import type { ModelConfig } from './config.ts';
import type { Layers } from './layers.ts';
import { type VisionShape, visionTransformer } from './vision.ts';

/** Outputs `features`, (tokens of all images in the layout's order, hidden). */
export function visionGraph(
  config: ModelConfig,
  shape: VisionShape,
  layersOf: (graph: Graph) => Layers,
): Graph {
  const graph = new Graph();
  const features = visionTransformer(graph, shape, config.vision_config, layersOf(graph));
  graph.output(features, 'features');
  return graph;
}
