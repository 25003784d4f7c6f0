/**
 * The EXIF of a picture: the one place that calls the parser.
 * @module
 */
import { z } from 'zod';
import type { PhotoFormat } from './photo-format.ts';

const tags = z.record(z.string(), z.unknown());
const blocksSchema = z.object({
  ifd0: tags.optional(),
  ifd1: tags.optional(),
  exif: tags.optional(),
  gps: tags.optional(),
  userComment: z.unknown().optional(),
});

/** The blocks of EXIF that are there, each with its tags by name and raw values. */
export type ExifBlocks = Readonly<z.infer<typeof blocksSchema>>;

const OPTIONS = {
  ...{ tiff: true, ifd0: {}, ifd1: true, exif: true, gps: true, userComment: true },
  ...{ interop: false, makerNote: false, xmp: false, icc: false, iptc: false },
  ...{ jfif: false, ihdr: false, mergeOutput: false },
  ...{ translateValues: false, reviveValues: false },
};

/** `Exif\0\0`, which stands before the TIFF header in JPEG and is kept by some writers of WebP. */
const PREFIX_BYTES = 6;

/** EXIF as it stands in a file, from its TIFF header or from the prefix before it. */
export async function parseExif(block: Uint8Array): Promise<ExifBlocks> {
  const hasPrefix = Buffer.from(block.subarray(0, PREFIX_BYTES)).toString('latin1') === 'Exif\0\0';
  const { default: exifr } = await import('exifr');
  const found: unknown = await exifr.parse(
    hasPrefix ? block.subarray(PREFIX_BYTES) : block,
    OPTIONS,
  );
  return blocksSchema.parse(found ?? {});
}

/** The `EXIF` chunk of a WebP file, which exifr does not look for. */
function webpExif(bytes: Uint8Array): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (view.getUint32(at) === 0x45584946) return bytes.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length & 1);
  }
  return undefined;
}

/**
 * The EXIF of a picture file; without any, no blocks.
 *
 * @throws Error of the parser when it is damaged
 */
export async function pictureExif(bytes: Uint8Array, format: PhotoFormat): Promise<ExifBlocks> {
  if (format === 'gif') return {};
  if (format !== 'webp') return parseExif(bytes);
  const block = webpExif(bytes);
  return block ? parseExif(block) : {};
}
