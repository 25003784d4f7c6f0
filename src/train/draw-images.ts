/**
 * The images of a batch. A picture that cannot be read is recorded, and another sample stands in for
 * it: which one depends on the key alone, so a resumed run takes the same.
 * @module
 */
import { GeorError, type Random } from '../core/index.ts';
import { type ImageBatch, type ImageGrid, type ModelConfig, patchLength } from '../model/index.ts';
import type { Task } from './task.ts';

/** Other samples that are tried for one broken picture before a run is given up. */
export const REPLACEMENT_TRIES = 16;

/** How images are drawn. */
export interface DrawOptions {
  readonly config: ModelConfig;
  /** Of every image, where the task has no grids of its own. */
  readonly grid?: ImageGrid;
  /** Jitters the view of a slot; left out, the sample's own view is taken. */
  readonly viewOf?: (slot: number) => Random;
  /** Which samples stand in at a slot; left out, a broken picture leaves its slot out. */
  readonly standInOf?: (slot: number) => Random;
  /** Hears of every picture that could not be read. */
  readonly onBroken?: (sample: number, reason: string) => void;
}

/** An image of a batch. */
export interface DrawnImage {
  readonly sample: number;
  readonly grid: ImageGrid;
  /** Its patches. */
  readonly pixels: Float32Array;
}

/** What was drawn. */
export interface DrawnImages {
  readonly images: readonly DrawnImage[];
  /** Pictures that could not be read. */
  readonly broken: number;
}

/**
 * Draws the images of samples.
 *
 * @throws GeorError `data` when {@link REPLACEMENT_TRIES} samples in a row cannot stand in;
 *   `config` when nothing says how large the images are
 */
export async function drawImages(
  task: Task,
  wanted: readonly number[],
  { config, grid, viewOf, standInOf, onBroken }: DrawOptions,
): Promise<DrawnImages> {
  const images: DrawnImage[] = [];
  let broken = 0;
  const shared = task.gridOf ? undefined : new Float32Array(wanted.length * task.imageSize);
  const isDrawn = async (sample: number): Promise<boolean> => {
    const slot = images.length;
    const own = task.gridOf?.(sample) ?? grid;
    if (!own) throw new GeorError('config', 'the images of the task have no grid');
    const size = own.height * own.width * patchLength(config.vision_config);
    try {
      let pixels: Float32Array;
      if (shared) {
        await task.writeImage(sample, shared, slot, viewOf?.(slot));
        pixels = shared.subarray(slot * size, (slot + 1) * size);
      } else {
        pixels = new Float32Array(size);
        await task.writeImage(sample, pixels, 0, viewOf?.(slot));
      }
      images.push({ sample, grid: own, pixels });
      return true;
    } catch (error) {
      if (!(error instanceof GeorError && ['image', 'data'].includes(error.code))) throw error;
      broken++;
      onBroken?.(sample, error.message);
      return false;
    }
  };
  for (const [place, sample] of wanted.entries()) {
    if ((await isDrawn(sample)) || !standInOf) continue;
    const source = standInOf(place);
    const taken = new Set([...wanted, ...images.map((image) => image.sample)]);
    let tries = 0;
    while (!(await isDrawn(anotherSample(task, taken, source)))) {
      if (++tries < REPLACEMENT_TRIES) continue;
      throw new GeorError('data', `${tries + 1} pictures in a row could not be read`, {
        hint: 'faults.jsonl has the reasons; look at the folder or the disk the pictures are on',
      });
    }
  }
  return { images, broken };
}

/** A sample that is not in the batch, as far as a few draws find one. */
function anotherSample({ size }: Task, taken: ReadonlySet<number>, source: Random): number {
  let sample = source.integer(size);
  for (let i = 0; i < 8 && taken.has(sample); i++) sample = source.integer(size);
  return sample;
}

/** Drawn images as a model reads them; no copy where they already lie one after the other. */
export function imageBatch(images: readonly Omit<DrawnImage, 'sample'>[]): ImageBatch {
  const grids = images.map(({ grid }) => grid);
  const size = images.reduce((sum, { pixels }) => sum + pixels.length, 0);
  const first = images[0];
  if (!first) return { grids, pixels: new Float32Array() };
  const { buffer, byteOffset } = first.pixels;
  let end = byteOffset;
  const isInPlace = images.every(({ pixels }) => {
    const follows = pixels.buffer === buffer && pixels.byteOffset === end;
    end += pixels.byteLength;
    return follows;
  });
  if (isInPlace) return { grids, pixels: new Float32Array(buffer, byteOffset, size) };
  const all = new Float32Array(size);
  let at = 0;
  for (const { pixels } of images) {
    all.set(pixels, at);
    at += pixels.length;
  }
  return { grids, pixels: all };
}
