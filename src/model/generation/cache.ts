/**
 * Keys and values of all layers, as arrays by name.
 * @module
 */
import type { Shaped } from '../../tensor/index.ts';

/** `key.i` and `value.i` of every layer. */
export type Cache = ReadonlyMap<string, Shaped<Float32Array>>;

/** Copies rows (first axis) of every array. Where every row stays in place, nothing is copied. */
export function selectRows(cache: Cache, rows: readonly number[]): Cache {
  const [first] = cache.values();
  if (first && rows.length === first.shape[0] && rows.every((row, i) => row === i)) return cache;
  return mapCache(cache, ({ data, shape }) => {
    const size = data.length / shape[0]!;
    const out = new Float32Array(rows.length * size);
    rows.forEach((row, i) => {
      out.set(data.subarray(row * size, (row + 1) * size), i * size);
    });
    return { data: out, shape: shape.with(0, rows.length) };
  });
}

/**
 * Moves samples to other places of other cells.
 *
 * @param cache - (cells, heads, slots, past, d)
 * @param from - where every place's content stands now: cell x slots + slot
 * @param slots - of the new layout
 */
export function moveSamples(cache: Cache, from: readonly number[], slots: number): Cache {
  return mapCache(cache, ({ data, shape }) => {
    const [, heads, slotsBefore, past, width] = shape as [number, number, number, number, number];
    const size = past * width;
    const out = new Float32Array(from.length * heads * size);
    from.forEach((place, to) => {
      const source = Math.floor(place / slotsBefore) * heads * slotsBefore + (place % slotsBefore);
      const target = Math.floor(to / slots) * heads * slots + (to % slots);
      for (let head = 0; head < heads; head++) {
        const start = (source + head * slotsBefore) * size;
        out.set(data.subarray(start, start + size), (target + head * slots) * size);
      }
    });
    return { data: out, shape: [from.length / slots, heads, slots, past, width] };
  });
}

/**
 * The caches of prompts read apart, as one: (prompts, heads, length, d), padded to the longest.
 *
 * @param parts - (prompts of the part, heads, 1, length of the part, d)
 * @param placesOf - which prompts the rows of every part are
 */
export function joinPrompts(
  parts: readonly Cache[],
  placesOf: readonly (readonly number[])[],
): Cache {
  const [first] = parts;
  const count = placesOf.flat().length;
  const joined = new Map<string, Shaped<Float32Array>>();
  for (const [name, { shape }] of first!) {
    const [, heads, , , width] = shape as [number, number, number, number, number];
    const arrays = parts.map((part) => part.get(name)!);
    const length = Math.max(...arrays.map((array) => array.shape[3]!));
    const isInOrder = parts.length === 1 && placesOf[0]!.every((place, i) => place === i);
    const data = isInOrder ? arrays[0]!.data : new Float32Array(count * heads * length * width);
    if (!isInOrder)
      arrays.forEach((array, part) => {
        const size = array.shape[3]! * width;
        placesOf[part]!.forEach((place, row) => {
          for (let head = 0; head < heads; head++) {
            const start = (row * heads + head) * size;
            const target = (place * heads + head) * length * width;
            data.set(array.data.subarray(start, start + size), target);
          }
        });
      });
    joined.set(name, { data, shape: [count, heads, length, width] });
  }
  return joined;
}

function mapCache(
  cache: Cache,
  change: (array: Shaped<Float32Array>) => Shaped<Float32Array>,
): Cache {
  return new Map([...cache].map(([name, array]) => [name, change(array)]));
}
