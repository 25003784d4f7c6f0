/**
 * Images as the inputs of a vision transformer.
 * @module
 */
import { invariant } from '../core/index.ts';
import type { Shaped } from '../tensor/index.ts';
import type { VisionConfig } from './config.ts';
import { type ImageGrid, patchLength } from './image-grid.ts';
import { visionAngles } from './rotary.ts';
import type { VisionShape } from './vision.ts';
import { type AttentionGroups, type VisionLayout, visionLayout } from './vision-layout.ts';

/** Images cut into patches, one image after the other. */
export interface ImageBatch {
  readonly grids: readonly ImageGrid[];
  /** (patches of all images, 3 x patch x patch), one frame, merge-group order (`ImageProcessor`). */
  readonly pixels: Float32Array;
}

/** What a vision transformer is fed, and where features come out. */
export interface VisionFeeds {
  readonly feeds: Readonly<Record<string, Shaped>>;
  /** For every image token, in the order of the images: its row of the features. */
  readonly featureOf: Int32Array;
}

/** The graph that a batch of images needs. */
export const visionShapeOf = (vision: VisionConfig, grids: readonly ImageGrid[]): VisionShape =>
  visionLayout(vision, grids).isUniform ? 'uniform' : 'ragged';

/** Inputs of a vision transformer of this shape. */
export function visionFeeds(
  vision: VisionConfig,
  { grids, pixels }: ImageBatch,
  shape: VisionShape,
): VisionFeeds {
  const layout = visionLayout(vision, grids);
  const { patches, places, featureOf } = layout;
  const length = patchLength(vision);
  invariant(
    pixels.length === patches * length,
    `${pixels.length} numbers are not ${patches} patches`,
  );
  const isUniform = shape === 'uniform';
  invariant(!isUniform || layout.isUniform, 'images of several shapes need a ragged graph');
  const angles = visionAngles(vision, isUniform ? places.slice(0, layout.images.capacity) : places);
  const half = vision.hidden_size / vision.num_heads / 2;
  const angle = (data: Float32Array): Shaped => ({ data, shape: [data.length / half, half] });
  return {
    featureOf,
    feeds: {
      pixels: { data: inOrder(pixels, layout, length), shape: [patches, length] },
      visionCos: angle(angles.cos),
      visionSin: angle(angles.sin),
      ...(isUniform
        ? { windowPlaces: placesOf(layout.windows) }
        : {
            ...groupFeeds('windowGroup', layout.windows),
            ...groupFeeds('imageGroup', layout.images),
          }),
    },
  };
}

const placesOf = ({ capacity }: AttentionGroups): Shaped => ({
  data: new Float32Array(capacity),
  shape: [capacity],
});

function groupFeeds(
  name: string,
  { count, capacity, rows, slots, used }: AttentionGroups,
): Record<string, Shaped> {
  return {
    [`${name}Rows`]: { data: rows, shape: [rows.length] },
    [`${name}Slots`]: { data: slots, shape: [slots.length] },
    [`${name}Used`]: { data: used, shape: [count, capacity] },
  };
}

/** Patches in the layout's order; the array itself where that is how they stand. */
function inOrder(pixels: Float32Array, { order }: VisionLayout, length: number): Float32Array {
  if (order.every((patch, row) => patch === row)) return pixels;
  const moved = new Float32Array(pixels.length);
  order.forEach((patch, row) => {
    moved.set(pixels.subarray(patch * length, (patch + 1) * length), row * length);
  });
  return moved;
}
