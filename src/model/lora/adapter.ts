/**
 * A LoRA adapter: for each changed layer W two narrow matrices, so that the layer becomes
 * `W x + scale B A x`.
 *
 * Source: LoRA (arXiv 2106.09685), section 4.1. At the start A is uniform within 1/sqrt(in) and B is
 * zero, as in PEFT (`reset_lora_parameters`: Kaiming-uniform with a = sqrt(5)), so the model is the
 * base's.
 * @module
 */
import { random } from '../../core/index.ts';
import type { ModelConfig } from '../config.ts';
import type { Parameter } from '../parameters.ts';
import type { LoraConfig } from './adapter-config.ts';
import { type LoraTarget, loraTargets } from './targets.ts';

/** An adapter of one model. */
export interface Adapter {
  readonly config: LoraConfig;
  /** By checkpoint name of the layer without `.weight`. */
  readonly targets: ReadonlyMap<string, LoraTarget>;
  /** `NAME.lora_A.weight` (rank, in) and `NAME.lora_B.weight` (out, rank). Training changes them. */
  readonly parameters: ReadonlyMap<string, Parameter>;
}

/** Names of a layer's two matrices. */
export const loraNames = (layer: string): { a: string; b: string } => ({
  a: `${layer}.lora_A.weight`,
  b: `${layer}.lora_B.weight`,
});

/** The name and shape of every matrix of an adapter. */
export function adapterShapes(
  targets: ReadonlyMap<string, LoraTarget>,
): Map<string, readonly [number, number]> {
  const shapes = new Map<string, readonly [number, number]>();
  for (const [layer, { rank, into, out }] of targets) {
    const { a, b } = loraNames(layer);
    shapes.set(a, [rank, into]);
    shapes.set(b, [out, rank]);
  }
  return shapes;
}

/**
 * An adapter that changes nothing yet. Equal seeds give equal adapters.
 *
 * @throws GeorError `config` when no layer matches
 */
export function newAdapter(model: ModelConfig, config: LoraConfig, seed: number): Adapter {
  const targets = loraTargets(model, config);
  const parameters = new Map<string, Parameter>();
  for (const [name, shape] of adapterShapes(targets)) {
    const data = new Float32Array(shape[0] * shape[1]);
    if (name.endsWith('.lora_A.weight')) {
      const source = random(seed, 'initial-adapter', name);
      const bound = 1 / Math.sqrt(shape[1]);
      for (let i = 0; i < data.length; i++) data[i] = (2 * source.uniform() - 1) * bound;
    }
    parameters.set(name, { shape, data });
  }
  return { config, targets, parameters };
}
