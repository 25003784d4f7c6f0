/**
 * What a photograph carried besides its pixels: that it was there, never what it said.
 *
 * For warnings ("this photo carries GPS coordinates; they were removed"). Nothing here decides what
 * is removed: the guard keeps pixels and nothing else, whether it recognised the rest or not.
 * @module
 */
import { type ExifBlocks, parseExif } from './exif.ts';
import { jpegSegments } from './jpeg-segments.ts';

/** Kinds of metadata that can tell where a picture was taken. */
export interface CarriedMetadata {
  /** A latitude or longitude in EXIF or XMP. */
  readonly gps: boolean;
  /** Text in which a place can be named: EXIF, XMP or IPTC descriptions and places, comments. */
  readonly placeText: boolean;
  /** A small copy of the picture in its EXIF, which may show what was cropped away. */
  readonly thumbnail: boolean;
  /** A record of origin and edits (C2PA, in a JUMBF box). */
  readonly provenance: boolean;
  /** Bytes after the end of a JPEG, where phones keep a film or a second picture. */
  readonly trailer: boolean;
}

/** The blocks of metadata of a picture, as its container held them. */
export interface MetadataBlocks {
  readonly exif?: Uint8Array | undefined;
  readonly xmp?: Uint8Array | undefined;
  readonly iptc?: Uint8Array | undefined;
  /** Text chunks of a PNG. */
  readonly comments?: readonly { readonly text: string }[] | undefined;
}

/** EXIF tags (version 3.0, tables 4 to 8, and what Windows adds) that hold free text. */
const TEXT_TAGS = [
  ...['ImageDescription', 'Artist', 'Copyright', 'DocumentName', 'UserComment'],
  ...['XPTitle', 'XPComment', 'XPAuthor', 'XPKeywords', 'XPSubject', 'OwnerName'],
  ...['GPSAreaInformation', 'GPSProcessingMethod'],
];

/** XMP properties of the IPTC Core and Dublin Core schemas that name or describe a place. */
const XMP_TEXT =
  /\b(photoshop|Iptc4xmpCore|Iptc4xmpExt|dc|exif|tiff):(City|State|Country|Location|Headline|Credit|Source|Sublocation|ProvinceState|UserComment|ImageDescription|Artist|description|title|subject|creator|rights)/;

/** IPTC record 2 datasets (IIM 4.2) that hold titles, keywords, places, people and captions. */
const IPTC_TEXT = [5, 25, 26, 27, 80, 90, 92, 95, 100, 101, 105, 110, 115, 116, 120, 122];

const hasText = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.trim() !== ''
    : value instanceof Uint8Array && value.some((byte) => byte !== 0 && byte !== 0x20);

const hasIptcText = (block: Uint8Array): boolean =>
  block.some(
    (byte, i) => byte === 0x1c && block[i + 1] === 2 && IPTC_TEXT.includes(block[i + 2] ?? 0),
  );

async function exifOrNone(block: Uint8Array | undefined): Promise<ExifBlocks> {
  if (!block) return {};
  try {
    return await parseExif(block);
  } catch {
    return {}; // damaged: nothing can be said of it, and it is dropped all the same
  }
}

/** What a picture carried. */
export async function carriedMetadata(
  bytes: Uint8Array,
  { exif, xmp, iptc, comments }: MetadataBlocks,
): Promise<CarriedMetadata> {
  const { ifd0, ifd1, exif: detail, gps, userComment } = await exifOrNone(exif);
  const exifTags = { ...ifd0, ...detail, ...gps, UserComment: userComment };
  const segments = [...jpegSegments(bytes)];
  const packet = xmp ? Buffer.from(xmp).toString('utf8') : '';
  const isComment = (marker: number) => marker === 0xfe;
  return {
    gps: gps?.['GPSLatitude'] !== undefined || /GPSL(at|ong)itude/.test(packet),
    placeText:
      Object.entries(exifTags).some(([tag, value]) => TEXT_TAGS.includes(tag) && hasText(value)) ||
      XMP_TEXT.test(packet) ||
      (iptc !== undefined && hasIptcText(iptc)) ||
      (comments ?? []).some(({ text }) => hasText(text)) ||
      segments.some(({ marker, content }) => isComment(marker) && hasText(content)),
    thumbnail: (ifd1?.['ThumbnailLength'] ?? 0) !== 0,
    provenance: segments.some(({ marker }) => marker === 0xeb),
    trailer: segments.some(({ marker }) => marker === -1),
  };
}
