/**
 * Weights that stay in their files: the runtime reads them itself, in whatever floats they are stored,
 * and they never pass through JavaScript's memory.
 * @module
 */
import { GeorError, invariant } from '../core/index.ts';
import type { Graph, StoredElements, Tensor } from '../tensor/index.ts';
import type { StoredParameter } from './checkpoint/index.ts';
import type { ModelConfig } from './config.ts';
import { type Layers, plainLinear, separateLinears } from './layers.ts';
import { parameterShapes } from './parameters.ts';

/** A model's numbers where they lie: `StoredModel.stored`. */
export type StoredParameters = ReadonlyMap<string, StoredParameter>;

const TYPES: Readonly<Record<string, StoredElements['type']>> = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
};

/**
 * Layers of a graph whose weights are read from files.
 *
 * @throws GeorError `data` for weights of another type than F32, F16 and BF16
 */
export function frozenLayers(graph: Graph, config: ModelConfig, stored: StoredParameters): Layers {
  const shapes = parameterShapes(config);
  const known = new Map<string, Tensor>();
  const parameter = (name: string): Tensor => {
    const before = known.get(name);
    if (before) return before;
    const shape = shapes.get(name);
    const place = stored.get(name);
    invariant(shape && place, `the model has no parameter ${name}`);
    const type = TYPES[place.entry.dtype];
    if (!type)
      throw new GeorError('data', `${place.file}: ${name} is of type ${place.entry.dtype}`, {
        hint: 'weights are F32, F16 or BF16',
      });
    const tensor = graph.stored(name, shape, { file: place.file, begin: place.entry.begin, type });
    known.set(name, tensor);
    return tensor;
  };
  const linear = plainLinear(parameter, shapes);
  return { parameter, linear, linears: separateLinears(linear) };
}
