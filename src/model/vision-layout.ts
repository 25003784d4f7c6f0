/**
 * Where the patches of a batch of images stand, and which of them attend to each other.
 *
 * Patches stand window by window, so that a windowed layer sees whole windows; merge groups stay
 * together. Source: transformers, `get_vision_window_index`, which permutes patches the same way.
 * Here nothing permutes them back: whoever needs the feature of a token knows its row.
 * @module
 */
import type { VisionConfig } from './config.ts';
import { type ImageGrid, imageTokenCount, patchOrder } from './image-grid.ts';

/** Rows that attend to each other, as rectangles: groups of equal capacity, the last slots unused. */
export interface AttentionGroups {
  readonly count: number;
  /** Slots of a group: the size of the largest. */
  readonly capacity: number;
  /** The row in every slot, (count x capacity); unused slots name row 0. */
  readonly rows: BigInt64Array;
  /** The slot of every row. */
  readonly slots: BigInt64Array;
  /** 1 where a slot is used, else 0: (count x capacity). */
  readonly used: Float32Array;
  /** Whether every slot is used and rows stand in the order of slots. */
  readonly isExact: boolean;
}

/** A batch of images as rows of patches. */
export interface VisionLayout {
  /** Patches of all images. */
  readonly patches: number;
  /** For every row: the patch that stands there, counted over all images in merge-group order. */
  readonly order: Int32Array;
  /** For every image token, in the order of prompts: its row of the features. */
  readonly featureOf: Int32Array;
  /** Row and column of the patch in its image, by row. */
  readonly places: readonly { readonly row: number; readonly column: number }[];
  /** Who attends to whom in a windowed layer. */
  readonly windows: AttentionGroups;
  /** Who attends to whom in a layer of full attention. */
  readonly images: AttentionGroups;
  /** Whether images and windows are all alike: then no slot is unused and no row moves. */
  readonly isUniform: boolean;
}

/** Side of an attention window in patches. */
const windowSide = (vision: VisionConfig): number =>
  Math.floor(vision.window_size / vision.spatial_merge_size / vision.patch_size) *
  vision.spatial_merge_size;

/** Patches of one image by window, each window's in merge-group order. */
function windowsOf(vision: VisionConfig, grid: ImageGrid): number[][] {
  const side = windowSide(vision);
  const across = Math.ceil(grid.width / side);
  const windows = Array.from(
    { length: across * Math.ceil(grid.height / side) },
    () => [] as number[],
  );
  patchOrder(grid, vision.spatial_merge_size).forEach(({ row, column }, patch) => {
    windows[Math.floor(row / side) * across + Math.floor(column / side)]!.push(patch);
  });
  return windows;
}

function attentionGroups(sizes: readonly number[]): AttentionGroups {
  const capacity = Math.max(...sizes);
  const count = sizes.length;
  const rows = new BigInt64Array(count * capacity);
  const used = new Float32Array(count * capacity);
  const slots: bigint[] = [];
  sizes.forEach((size, group) => {
    for (let i = 0; i < size; i++) {
      const slot = group * capacity + i;
      rows[slot] = BigInt(slots.length);
      used[slot] = 1;
      slots.push(BigInt(slot));
    }
  });
  const isExact = sizes.every((size) => size === capacity);
  return { count, capacity, rows, slots: BigInt64Array.from(slots), used, isExact };
}

/** The layout of a batch of images; none is empty. */
export function visionLayout(vision: VisionConfig, grids: readonly ImageGrid[]): VisionLayout {
  const group = vision.spatial_merge_size ** 2;
  const order: number[] = [];
  const places: { row: number; column: number }[] = [];
  const sizes: number[] = [];
  let start = 0;
  for (const grid of grids) {
    const own = patchOrder(grid, vision.spatial_merge_size);
    for (const window of windowsOf(vision, grid)) {
      sizes.push(window.length);
      for (const patch of window) {
        order.push(start + patch);
        places.push(own[patch]!);
      }
    }
    start += own.length;
  }
  const featureOf = new Int32Array(order.length / group);
  for (let i = 0; i < featureOf.length; i++) featureOf[order[i * group]! / group] = i;
  const windows = attentionGroups(sizes);
  const images = attentionGroups(grids.map((grid) => imageTokenCount(vision, grid) * group));
  const [first] = grids;
  const isUniform =
    windows.isExact &&
    grids.every((grid) => grid.height === first?.height && grid.width === first.width);
  return {
    patches: order.length,
    order: Int32Array.from(order),
    featureOf,
    places,
    windows,
    images,
    isUniform,
  };
}
