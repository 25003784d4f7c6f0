/**
 * The pictures of rows as patches: photographs through the guard, tiles cut anew each time.
 *
 * A photograph is opened once before training, so that a broken one is known then and the shape of
 * each is. Its pixels at the model's size are kept as long as there is room; beyond, it is opened
 * again when it is needed. A photograph has no jitter: a flip would turn its signs, a crop its place.
 * @module
 */
import { GeorError, type Random } from '../../core/index.ts';
import {
  cutTile,
  decodeJpeg,
  encodeJpeg,
  guardPhoto,
  jitter,
  loadEarth,
  readPicture,
} from '../../data/index.ts';
import {
  DEFAULT_PREPROCESSOR,
  type ImageGrid,
  ImageProcessor,
  type ModelCard,
  type RgbImage,
  resizeBicubic,
  smartResize,
} from '../../model/index.ts';
import type { TrainingRow } from './training-row.ts';

/** How tiles of the embedded Earth are cut. */
export interface TileSettings {
  /** Height of a tile in degrees. */
  readonly spanDegrees: number;
  /** Height and width in pixels, before the model's image processor. */
  readonly sizePx: number;
}

/** Bytes of pixels that are kept. */
const KEPT_BYTES = 512 * 2 ** 20;

/** Photographs beyond those that are kept until a judge has seen them: more than a step has. */
const RECENT = 1024;

/** Pictures of rows at the size at which a model sees them. */
export class RowPictures {
  readonly #card: Pick<ModelCard, 'config' | 'preprocessor'>;
  readonly #tile: TileSettings;
  readonly #processors = new Map<string, ImageProcessor>();
  readonly #kept = new Map<TrainingRow, RgbImage>();
  readonly #processorOf = new Map<TrainingRow, ImageProcessor>();
  readonly #recent = new Map<TrainingRow, RgbImage>();
  #lastUrl: { readonly row: TrainingRow; readonly url: string } | undefined;
  #keptBytes = 0;

  constructor(card: Pick<ModelCard, 'config' | 'preprocessor'>, tile: TileSettings) {
    this.#card = card;
    this.#tile = tile;
  }

  /**
   * Opens the picture of a row for the first time.
   *
   * @throws GeorError `image` or `data` when it cannot be used
   */
  async prepare(row: TrainingRow): Promise<void> {
    if (row.picture.kind === 'tile') {
      const { sizePx } = this.#tile;
      this.#processorOf.set(row, this.#processor(this.#sizeOf({ width: sizePx, height: sizePx })));
      return;
    }
    const image = await this.#open(row.picture.path);
    this.#processorOf.set(row, this.#processor(image));
    if (this.#keptBytes + image.data.length > KEPT_BYTES) return;
    this.#keptBytes += image.data.length;
    this.#kept.set(row, image);
  }

  /** The patches of a row's picture, prepared before. */
  gridOf(row: TrainingRow): ImageGrid {
    return this.#processorOf.get(row)!.grid;
  }

  /** Numbers of a row's picture as patches. */
  lengthOf(row: TrainingRow): number {
    return this.#processorOf.get(row)!.size;
  }

  /**
   * Writes a row's picture as patches, as number `slot` among pictures of its size.
   *
   * @param source - draws the jitter of a tile; without, the tile is the row's own
   * @throws GeorError `image` or `data` when a photograph is gone since it was prepared
   */
  async write(
    row: TrainingRow,
    out: Float32Array,
    slot: number,
    source: Random | undefined,
  ): Promise<void> {
    const processor = this.#processorOf.get(row)!;
    const image =
      row.picture.kind === 'tile'
        ? this.#cut(row, source)
        : (this.#kept.get(row) ?? (await this.#again(row, row.picture.path)));
    processor.write(image.data, out, slot);
  }

  /** A row's picture as a model sees it, without jitter; of a photograph, one that was just opened. */
  image(row: TrainingRow): RgbImage | undefined {
    if (row.picture.kind === 'tile') return this.#cut(row, undefined);
    return this.#kept.get(row) ?? this.#recent.get(row);
  }

  /** {@link image} as a `data:` address, for a judge that sees. */
  url(row: TrainingRow): string | null {
    if (this.#lastUrl?.row === row) return this.#lastUrl.url; // one for all answers of a group
    const image = this.image(row);
    if (!image) return null;
    const url = `data:image/jpeg;base64,${Buffer.from(encodeJpeg(image)).toString('base64')}`;
    this.#lastUrl = { row, url };
    return url;
  }

  #cut({ lat, lon }: TrainingRow, source: Random | undefined): RgbImage {
    const { spanDegrees, sizePx } = this.#tile;
    const scale = source ? jitter(source).scale : 1;
    const data = cutTile(loadEarth(), { lat, lon, spanDegrees: spanDegrees * scale, sizePx });
    return this.#resized({ width: sizePx, height: sizePx, data });
  }

  async #again(row: TrainingRow, path: string): Promise<RgbImage> {
    const image = await this.#open(path);
    this.#recent.set(row, image);
    for (const oldest of this.#recent.keys()) {
      if (this.#recent.size <= RECENT) break;
      this.#recent.delete(oldest);
    }
    return image;
  }

  async #open(path: string): Promise<RgbImage> {
    const { bytes, reason } = await readPicture(path).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new GeorError('data', `${path} cannot be read: ${why}`, { cause });
    });
    if (!bytes) throw new GeorError('image', `${path} is no usable photograph: ${reason}`);
    const { maxPixels } = this.#card.preprocessor ?? DEFAULT_PREPROCESSOR;
    return this.#resized(decodeJpeg((await guardPhoto(bytes, { maxPixels })).jpeg));
  }

  #sizeOf(sides: { width: number; height: number }): { width: number; height: number } {
    const { patch_size: patch, spatial_merge_size: merge } = this.#card.config.vision_config;
    return smartResize(sides, patch * merge, this.#card.preprocessor ?? DEFAULT_PREPROCESSOR);
  }

  #resized(image: RgbImage): RgbImage {
    const size = this.#sizeOf(image);
    if (size.width === image.width && size.height === image.height) return image;
    return { ...size, data: resizeBicubic(image, size.width, size.height).data };
  }

  #processor({ width, height }: { width: number; height: number }): ImageProcessor {
    const key = `${width} ${height}`;
    const known = this.#processors.get(key);
    if (known) return known;
    const { config, preprocessor = DEFAULT_PREPROCESSOR } = this.#card;
    const made = new ImageProcessor(config.vision_config, { width, height }, preprocessor);
    this.#processors.set(key, made);
    return made;
  }
}
