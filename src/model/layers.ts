/**
 * Where the layers of a graph get their weights: the seam at which parameters become inputs, weights
 * are frozen, or adapters are added.
 * @module
 */
import { invariant } from '../core/index.ts';
import { type Graph, ops, type Tensor } from '../tensor/index.ts';
import type { ModelConfig } from './config.ts';
import { type Parameters, parameterShapes } from './parameters.ts';

/** Looks up a parameter of the graph by its checkpoint name. */
export type ParameterOf = (name: string) => Tensor;

/** A linear layer by its checkpoint name without `.weight`: x (rows, in) to (rows, out). */
export type Linear = (x: Tensor, name: string) => Tensor;

/** The weights of a model inside one graph. */
export interface Layers {
  readonly parameter: ParameterOf;
  readonly linear: Linear;
  /**
   * Several linear layers of the same input. Each group comes out side by side as one tensor, so that
   * what follows can treat it as one.
   */
  readonly linears: (x: Tensor, groups: readonly (readonly string[])[]) => readonly Tensor[];
}

/** Linear layers that keep their weights apart, as adapters and frozen weights want it. */
export const separateLinears =
  (linear: Linear): Layers['linears'] =>
  (x, groups) =>
    groups.map((names) =>
      ops.concat(
        names.map((name) => linear(x, name)),
        1,
      ),
    );

/** A linear layer of two parameters, the bias where the checkpoint has one. */
export const plainLinear =
  (parameter: ParameterOf, shapes: ReadonlyMap<string, readonly number[]>): Linear =>
  (x, name) =>
    ops.linear(
      x,
      parameter(`${name}.weight`),
      shapes.has(`${name}.bias`) ? parameter(`${name}.bias`) : undefined,
    );

/** Parameters as inputs of a graph, declared when they are first used. */
export const parameterInputs = (graph: Graph, config: ModelConfig): DeclaredParameters =>
  declareParameters(config, (name, shape) => graph.input(name, shape));

/** Parameters as constants of a graph: later changes are not seen, and matrices can be packed once. */
export const parameterConstants = (
  graph: Graph,
  config: ModelConfig,
  parameters: Parameters,
): DeclaredParameters =>
  declareParameters(config, (name, shape) => graph.constant(parameters.get(name)!.data, shape));

/** The parameters that a graph has used so far, and the layers that use them. */
interface DeclaredParameters {
  readonly all: ReadonlyMap<string, Tensor>;
  readonly layers: Layers;
}

function declareParameters(
  config: ModelConfig,
  declare: (name: string, shape: readonly number[]) => Tensor,
): DeclaredParameters {
  const shapes = parameterShapes(config);
  const all = new Map<string, Tensor>();
  const parameter = (name: string): Tensor => {
    let declared = all.get(name);
    if (!declared) {
      const shape = shapes.get(name);
      invariant(shape, `the model has no parameter ${name}`);
      declared = declare(name, shape);
      all.set(name, declared);
    }
    return declared;
  };
  return {
    all,
    layers: {
      parameter,
      linear: plainLinear(parameter, shapes),
      linears: (x, groups) => fusedLinears(x, groups, parameter),
    },
  };
}

/** One product instead of several: the matrices are small, the rows many. */
function fusedLinears(
  x: Tensor,
  groups: readonly (readonly string[])[],
  parameter: ParameterOf,
): readonly Tensor[] {
  const names = groups.flat();
  const joined = (kind: string): Tensor =>
    ops.concat(
      names.map((name) => parameter(`${name}.${kind}`)),
      0,
    );
  const widthOf = (name: string): number => parameter(`${name}.weight`).shape[0] as number;
  const sizes = groups.map((group) => group.reduce((sum, name) => sum + widthOf(name), 0));
  return ops.split(ops.linear(x, joined('weight'), joined('bias')), 1, sizes);
}
