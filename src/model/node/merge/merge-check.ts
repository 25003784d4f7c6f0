/**
 * Whether merged weights are what they should be, from the files as they were written.
 *
 * Rows of every changed weight are computed again in 64-bit floats, and every untouched weight is
 * compared byte by byte at its ends and in its middle. What the rounding to 16 bits left of the
 * adapter is measured on the same rows: small changes of large weights can vanish in it.
 * @module
 */
import { GeorError } from '../../../core/index.ts';
import type { SafetensorsDtype } from '../../../tensor/index.ts';
import type { BaseFolder, BaseTensor } from './base-folder.ts';
import type { LoraAdapter, LoraChange } from './lora-adapter.ts';

/** What was found. */
export interface MergeCheck {
  /** Weights of which rows were computed again. */
  readonly weights: number;
  /** Numbers compared. */
  readonly numbers: number;
  /** Largest distance from the exact sum, in units of the largest allowed one; at most 1. */
  readonly worst: number;
  /** Norm of the adapter's change by that of the weights it changes. */
  readonly relativeChange: number;
  /** Share of the change that the written weights carry along its direction; 1 without rounding. */
  readonly kept: number;
}

const ROWS = 16;
const SPOT_BYTES = 2 ** 20;

/** Bits of the significand, the hidden one included, and the exponent of the smallest step. */
const PRECISION: Readonly<Record<SafetensorsDtype, readonly [bits: number, least: number]>> = {
  F32: [24, -149],
  BF16: [8, -133],
  F16: [11, -24],
};

/** Half the distance between neighbours of a number in a type. */
function halfStep(value: number, dtype: SafetensorsDtype): number {
  const [bits, least] = PRECISION[dtype];
  const exponent = value === 0 ? least : Math.floor(Math.log2(Math.abs(value)));
  return 2 ** (Math.max(exponent - bits + 1, least) - 1);
}

/**
 * Checks a merged model against its base and adapter. Closes `merged`.
 *
 * @throws GeorError `internal` naming the weight that is wrong
 */
export function checkMerged(
  base: BaseFolder,
  adapter: LoraAdapter,
  merged: BaseFolder,
): MergeCheck {
  const sums = { numbers: 0, worst: 0, change: 0, weight: 0, along: 0 };
  try {
    for (const [name, before] of base.tensors) {
      const after = merged.tensors.get(name);
      if (!after) throw wrong(name, 'is missing');
      const change = adapter.changes.get(name);
      if (!change) compareBytes(name, before, after);
      else if (change.kind === 'add') compareRows(name, before, after, adapter, change, sums);
    }
  } finally {
    merged.close();
  }
  return {
    weights: adapter.changes.size,
    numbers: sums.numbers,
    worst: sums.worst,
    relativeChange: sums.weight === 0 ? 0 : Math.sqrt(sums.change / sums.weight),
    kept: sums.change === 0 ? 1 : sums.along / sums.change,
  };
}

const wrong = (name: string, why: string): GeorError =>
  new GeorError('internal', `internal: merged weight ${name} ${why}`);

function compareBytes(name: string, before: BaseTensor, after: BaseTensor): void {
  const { begin, end } = before.shard.entries.get(before.name)!;
  const length = end - begin;
  const spots = [0, Math.floor(length / 2), Math.max(0, length - SPOT_BYTES)];
  for (const at of spots) {
    const a = before.shard.readBytes(before.name, at, at + SPOT_BYTES);
    const b = after.shard.readBytes(after.name, at, at + SPOT_BYTES);
    if (Buffer.compare(a, b) !== 0) throw wrong(name, 'is not the one of the base');
  }
}

function compareRows(
  name: string,
  before: BaseTensor,
  after: BaseTensor,
  adapter: LoraAdapter,
  { a: nameA, b: nameB, rank, scale }: Extract<LoraChange, { kind: 'add' }>,
  sums: { numbers: number; worst: number; change: number; weight: number; along: number },
): void {
  const { shape, dtype } = before.shard.entries.get(before.name)!;
  const [rows = 0, columns = 0] = shape;
  const a = adapter.file.read(nameA).data; // (rank, columns)
  const count = Math.min(rows, ROWS);
  for (let i = 0; i < count; i++) {
    const row = count < 2 ? 0 : Math.round((i * (rows - 1)) / (count - 1)); // the last one too
    const w = before.shard.readElements(before.name, row * columns, (row + 1) * columns);
    const written = after.shard.readElements(after.name, row * columns, (row + 1) * columns);
    const b = adapter.file.readElements(nameB, row * rank, (row + 1) * rank);
    for (let column = 0; column < columns; column++) {
      let change = 0;
      let size = Math.abs(w[column]!);
      for (let k = 0; k < rank; k++) {
        const term = scale * b[k]! * a[k * columns + column]!;
        change += term;
        size += Math.abs(term);
      }
      const exact = w[column]! + change;
      // the rounding at the end, and that of rank + 2 operations in 32 bits
      const allowed = halfStep(exact, dtype) + size * (rank + 2) * 2 ** -24;
      const distance = Math.abs(written[column]! - exact) / allowed;
      if (!(distance <= 1))
        throw wrong(name, `is ${written[column]} at [${row}, ${column}], not ${exact}`);
      sums.worst = Math.max(sums.worst, distance);
      sums.change += change * change;
      sums.weight += w[column]! * w[column]!;
      sums.along += (written[column]! - w[column]!) * change;
      sums.numbers++;
    }
  }
}
