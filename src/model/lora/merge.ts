/**
 * An adapter written into the weights of its base: `W + scale B A`.
 * @module
 */
import { invariant } from '../../core/index.ts';
import type { Parameter, Parameters } from '../parameters.ts';
import { type Adapter, loraNames } from './adapter.ts';

/**
 * Adds `scale B A` to a matrix in place. Sums are double precision and rounded once.
 *
 * @param weight - (out, in), row-major
 * @param a - (rank, in)
 * @param b - (out, rank)
 */
export function addLowRank(
  weight: Float32Array,
  a: Float32Array,
  b: Float32Array,
  { rank, scale }: { rank: number; scale: number },
): void {
  const into = a.length / rank;
  const row = new Float64Array(into);
  for (let o = 0; o * into < weight.length; o++) {
    row.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = scale * b[o * rank + r]!;
      for (let i = 0; i < into; i++) row[i] = row[i]! + factor * a[r * into + i]!;
    }
    for (let i = 0; i < into; i++) weight[o * into + i] = weight[o * into + i]! + row[i]!;
  }
}

/** Parameters of the merged model. Layers that are not changed share their memory with the base. */
export function mergeAdapter(base: Parameters, adapter: Adapter): Map<string, Parameter> {
  const merged = new Map(base);
  for (const [layer, target] of adapter.targets) {
    const name = `${layer}.weight`;
    const weight = base.get(name);
    invariant(weight, `the base has no ${name}`);
    const data = weight.data.slice();
    const { a, b } = loraNames(layer);
    addLowRank(data, adapter.parameters.get(a)!.data, adapter.parameters.get(b)!.data, target);
    merged.set(name, { shape: weight.shape, data });
  }
  return merged;
}
