/**
 * Which samples a step takes.
 * @module
 */
import { random, shuffled } from '../core/index.ts';

/** Sample indices of one step: a fresh random order every epoch. */
export function batchIndices(
  seed: number,
  step: number,
  batchSize: number,
  size: number,
): number[] {
  const perEpoch = Math.max(1, Math.floor(size / batchSize));
  const epoch = Math.floor(step / perEpoch);
  const order = epochOrder(seed, epoch, size);
  const start = (step % perEpoch) * batchSize;
  return Array.from({ length: batchSize }, (_, i) => order[(start + i) % size]!);
}

let lastOrder: { key: string; order: readonly number[] } | undefined;

function epochOrder(seed: number, epoch: number, size: number): readonly number[] {
  const key = `${seed} ${epoch} ${size}`;
  if (lastOrder?.key !== key) {
    const indices = Array.from({ length: size }, (_, i) => i);
    lastOrder = { key, order: shuffled(indices, random(seed, 'epoch', epoch)) };
  }
  return lastOrder.order;
}
