/**
 * Layers of a graph with an adapter: `W x + scale B A x` where the adapter changes them.
 * @module
 */
import { type Graph, ops, type Tensor } from '../../tensor/index.ts';
import type { ModelConfig } from '../config.ts';
import type { Layers } from '../layers.ts';
import { parameterShapes } from '../parameters.ts';
import { loraNames } from './adapter.ts';
import type { LoraTarget } from './targets.ts';

/** Layers with an adapter, and its matrices, which are inputs declared when they are first used. */
export interface AdaptedLayers {
  readonly layers: Layers;
  readonly matrices: ReadonlyMap<string, Tensor>;
}

/** Adds the products of an adapter to the linear layers of `base`. */
export function adaptLayers(
  graph: Graph,
  base: Layers,
  config: ModelConfig,
  targets: ReadonlyMap<string, LoraTarget>,
): AdaptedLayers {
  const shapes = parameterShapes(config);
  const matrices = new Map<string, Tensor>();
  const input = (name: string, shape: readonly number[]): Tensor => {
    const known = matrices.get(name) ?? graph.input(name, shape);
    matrices.set(name, known);
    return known;
  };
  const adapted = (x: Tensor, name: string, y: Tensor): Tensor => {
    const target = targets.get(name);
    if (!target) return y;
    const { rank, into, out, scale } = target;
    const names = loraNames(name);
    const inner = ops.linear(x, input(names.a, [rank, into])); // (rows, rank)
    return ops.add(y, ops.linear(ops.mul(inner, scale), input(names.b, [out, rank])));
  };
  return {
    matrices,
    layers: {
      parameter: base.parameter,
      linear: (x, name) => adapted(x, name, base.linear(x, name)),
      linears: (x, groups) =>
        base.linears(x, groups).map((together, group) => {
          const names = groups[group]!;
          if (!names.some((name) => targets.has(name))) return together;
          const widths = names.map((name) => shapes.get(`${name}.weight`)![0]!);
          const parts = names.length === 1 ? [together] : ops.split(together, 1, widths);
          const changed = names.map((name, i) => adapted(x, name, parts[i]!));
          return names.length === 1 ? changed[0]! : ops.concat(changed, 1);
        }),
    },
  };
}
