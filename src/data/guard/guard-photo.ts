/**
 * The guard: a photograph goes in with everything it carries, and comes out as pixels.
 *
 * A model that is to say where a photograph was taken must not be told. EXIF, XMP, IPTC, comments,
 * embedded thumbnails, provenance records and bytes after the picture all can tell, and so can the
 * file's name. So the file is decoded to raw pixels, and only these are encoded anew: what the guard
 * does not know of is gone as well. The photograph is turned upright first, since the tag that says
 * how it lies is dropped with the rest.
 *
 * The same file gives the same bytes with one version of sharp on one kind of processor. Another
 * version of libvips may scale or encode differently in the last bit, which changes names and bytes
 * but not what is seen.
 * @module
 */
import { GeorError, invariant } from '../../core/index.ts';
import { sha256 } from '../../core/node/index.ts';
import { type CarriedMetadata, carriedMetadata } from './carried.ts';
import { fitPixels } from './fit-pixels.ts';
import { isBareJpeg } from './jpeg-segments.ts';
import { loadSharp } from './load-sharp.ts';
import { photoFormat } from './photo-format.ts';

/** Longer sides are refused: no camera has them, and they make decoders slow. */
export const MAX_SIDE_PX = 50_000;

/** More pixels are refused: 2^28, which is above the 200 megapixels of present telephones. */
export const MAX_INPUT_PIXELS = 2 ** 28;

/** What to make of a photograph. */
export interface GuardOptions {
  /** Most pixels of the result (width times height), at least 1. Nothing is enlarged. */
  readonly maxPixels: number;
  /** JPEG quality, 1 to 100; 92 by default, with colour at full resolution. */
  readonly quality?: number;
  /** Round sides down to multiples of this, e.g. 28; see {@link fitPixels}. */
  readonly multipleOf?: number;
  /** Most pixels of what is decoded; {@link MAX_INPUT_PIXELS} by default. */
  readonly maxInputPixels?: number;
}

/** A photograph that is nothing but a picture. */
export interface GuardedPhoto {
  /** A JPEG without metadata. */
  readonly jpeg: Uint8Array;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** First 16 hexadecimal digits of the SHA-256 of `jpeg`: the only name it may go by. */
  readonly contentId: string;
  /** What the file held besides, by kind. */
  readonly carried: CarriedMetadata;
  /** How many pictures the file held (an animation, pages); this is the first. */
  readonly frames: number;
}

const refuse = (reason: string, hint: string, cause?: unknown): GeorError =>
  new GeorError('image', `not a usable photograph: ${reason}`, {
    hint,
    ...(cause === undefined ? {} : { cause }),
  });

const reasonOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!.trim();

/**
 * Reads a photograph (JPEG, PNG, WebP, GIF, TIFF or AVIF) and gives back its pixels as a JPEG.
 *
 * Grey, palette, 16-bit and CMYK pictures become 8-bit sRGB, through their colour profile where they
 * have one; transparency becomes white.
 *
 * @param bytes - the file, whatever it is
 * @throws GeorError `image` when it is no picture, is cut off or damaged, or is too large; `config`
 *   when sharp is not installed
 */
export async function guardPhoto(bytes: Uint8Array, options: GuardOptions): Promise<GuardedPhoto> {
  const { maxPixels, quality = 92, multipleOf = 1, maxInputPixels = MAX_INPUT_PIXELS } = options;
  if (bytes.length === 0) throw refuse('the file is empty', 'copy it again from where it came');
  const format = photoFormat(bytes);
  if (!format) {
    throw refuse('the file is no picture', 'pictures are JPEG, PNG, WebP, GIF, TIFF or AVIF files');
  }
  const sharp = await loadSharp();
  const decode = () =>
    sharp(bytes, { autoOrient: true, failOn: 'error', limitInputPixels: false, pages: 1 });
  try {
    const found = await decode().metadata();
    const { width, height } = found.autoOrient;
    checkSize(width, height, maxInputPixels);
    const size = fitPixels({ width, height }, maxPixels, multipleOf);
    const pixels = await decode()
      .resize({ ...size, fit: 'fill' })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { channels } = pixels.info;
    invariant(channels === 3, `the decoder gave ${channels} channels`);
    const jpeg = await sharp(pixels.data, { raw: { ...size, channels } })
      .jpeg({ quality, chromaSubsampling: '4:4:4' })
      .toBuffer();
    invariant(isBareJpeg(jpeg), 'the encoder wrote more than a picture');
    return {
      jpeg,
      ...size,
      contentId: sha256(jpeg).slice(0, 16),
      carried: await carriedMetadata(bytes, found),
      frames: found.pages ?? 1,
    };
  } catch (cause) {
    if (cause instanceof GeorError) throw cause;
    const hint =
      format === 'heic'
        ? 'HEIC is decoded only where sharp was built with it: convert the file to JPEG'
        : 'check that the file is complete and opens in a picture viewer';
    throw refuse(reasonOf(cause), hint, cause);
  }
}

function checkSize(width: number, height: number, maxInputPixels: number): void {
  const said = `${width} x ${height} pixels`;
  const hint = 'scale the picture down first';
  if (Math.max(width, height) > MAX_SIDE_PX) {
    throw refuse(`${said}, with a side of more than ${MAX_SIDE_PX}`, hint);
  }
  if (width * height > maxInputPixels) {
    throw refuse(`${said}, more than ${maxInputPixels} in all`, hint);
  }
}
