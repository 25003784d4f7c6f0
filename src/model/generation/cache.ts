/**
 * Keys and values of all layers, as arrays by name, and their places in cells.
 *
 * A cell's cache holds its prompt, padded to the longest of the batch, and behind it what its samples
 * wrote: the first token of every slot, then the second of every slot, and so on.
 * @module
 */
import type { Shaped } from '../../tensor/index.ts';

/** `keys.i` and `values.i` of every layer: (cells or prompts, places, width). */
export type Cache = ReadonlyMap<string, Shaped<Float32Array>>;

/** Added to the score of a place that a token must not see. */
export const MASKED = -1e9;

/** What a layout of cells needs to know of a batch. */
export interface CellShape {
  /** Places of a prompt: the longest. */
  readonly prompt: number;
  /** Samples side by side in a cell. */
  readonly slots: number;
  /** Tokens that a sample has room for. */
  readonly room: number;
}

/** Where the token `index` of a slot stands in its cell. */
export const placeOf = ({ prompt, slots }: CellShape, slot: number, index: number): number =>
  prompt + index * slots + slot;

/** Places of a cell. */
export const capacityOf = ({ prompt, slots, room }: CellShape): number => prompt + slots * room;

/** Where what a slot of a new layout holds stands in the old one. */
export interface Source {
  readonly cell: number;
  readonly slot: number;
}

/** What samples wrote before they are laid out anew. */
export interface Written {
  readonly cache: Cache;
  readonly shape: CellShape;
  /** Tokens of every sample. */
  readonly count: number;
  /** For every place of the new layout, (cells x slots). */
  readonly from: readonly Source[];
}

/**
 * Caches of cells: a prompt in each, room behind it, and what samples wrote already.
 *
 * @param read - of all prompts, (prompts, longest, width)
 * @param prompts - the prompt of every cell
 */
export function layCells(
  read: Cache,
  prompts: readonly number[],
  shape: CellShape,
  written?: Written,
): Cache {
  const capacity = capacityOf(shape);
  return mapCache(read, ({ data, shape: [, length, width] }, name) => {
    const size = length! * width!;
    const out = new Float32Array(prompts.length * capacity * width!);
    prompts.forEach((prompt, cell) => {
      out.set(data.subarray(prompt * size, (prompt + 1) * size), cell * capacity * width!);
    });
    if (written) {
      const old = written.cache.get(name)!.data;
      const before = capacityOf(written.shape);
      written.from.forEach(({ cell, slot }, to) => {
        const toCell = Math.floor(to / shape.slots);
        for (let index = 0; index < written.count; index++) {
          const source = (cell * before + placeOf(written.shape, slot, index)) * width!;
          const place = toCell * capacity + placeOf(shape, to % shape.slots, index);
          out.set(old.subarray(source, source + width!), place * width!);
        }
      });
    }
    return { data: out, shape: [prompts.length, capacity, width!] };
  });
}

/** The same cells with more room. */
export function growCells(cache: Cache, before: CellShape, after: CellShape): Cache {
  const [from, to] = [capacityOf(before), capacityOf(after)];
  return mapCache(cache, ({ data, shape: [cells, , width] }) => {
    const out = new Float32Array(cells! * to * width!);
    for (let cell = 0; cell < cells!; cell++)
      out.set(data.subarray(cell * from * width!, (cell + 1) * from * width!), cell * to * width!);
    return { data: out, shape: [cells!, to, width!] };
  });
}

/**
 * The caches of prompts read apart, as one: (prompts, longest, width).
 *
 * @param parts - (prompts of the part, length of the part, width)
 * @param promptsOf - which prompts the rows of every part are
 */
export function joinPrompts(
  parts: readonly Cache[],
  promptsOf: readonly (readonly number[])[],
): Cache {
  const [first] = parts;
  const count = promptsOf.flat().length;
  if (parts.length === 1 && promptsOf[0]!.every((prompt, i) => prompt === i)) return first!;
  return mapCache(first!, ({ shape: [, , width] }, name) => {
    const arrays = parts.map((part) => part.get(name)!);
    const length = Math.max(...arrays.map(({ shape }) => shape[1]!));
    const out = new Float32Array(count * length * width!);
    arrays.forEach(({ data, shape }, part) => {
      const size = shape[1]! * width!;
      promptsOf[part]!.forEach((prompt, row) => {
        out.set(data.subarray(row * size, (row + 1) * size), prompt * length * width!);
      });
    });
    return { data: out, shape: [count, length, width!] };
  });
}

function mapCache(
  cache: Cache,
  change: (array: Shaped<Float32Array>, name: string) => Shaped<Float32Array>,
): Cache {
  return new Map([...cache].map(([name, array]) => [name, change(array, name)]));
}
