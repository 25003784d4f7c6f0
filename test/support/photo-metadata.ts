/**
 * Photographs with metadata planted in every place a JPEG has for it, written from the standards
 * (TIFF 6.0, EXIF 3.0, XMP part 3, IPTC IIM 4.2, ITU-T T.81) and not by a library.
 * @module
 */

/** Tags of one image file directory: number to value. */
type Directory = ReadonlyMap<number, Value>;
type Value =
  | { readonly ascii: string }
  | { readonly bytes: Uint8Array }
  | { readonly short: number }
  | { readonly long: number }
  | { readonly rationals: readonly (readonly [number, number])[] };

/** What to write into EXIF; everything is optional. */
export interface PlantedExif {
  readonly orientation?: number;
  readonly description?: string;
  readonly artist?: string;
  readonly userComment?: string;
  /** Numerators and denominators of degrees, minutes and seconds; a reference may be left out. */
  readonly gps?: {
    readonly lat?: readonly (readonly [number, number])[];
    readonly latRef?: string;
    readonly lon?: readonly (readonly [number, number])[];
    readonly lonRef?: string;
  };
  readonly thumbnail?: Uint8Array;
}

function encoded(value: Value): { type: number; count: number; data: Buffer } {
  if ('ascii' in value) {
    const data = Buffer.from(`${value.ascii}\0`, 'utf8');
    return { type: 2, count: data.length, data };
  }
  if ('bytes' in value) {
    return { type: 7, count: value.bytes.length, data: Buffer.from(value.bytes) };
  }
  if ('rationals' in value) {
    const words = Uint32Array.from(value.rationals.flat());
    return { type: 5, count: value.rationals.length, data: Buffer.from(words.buffer) };
  }
  const isShort = 'short' in value;
  const data = Buffer.alloc(isShort ? 2 : 4);
  if (isShort) data.writeUInt16LE(value.short);
  else data.writeUInt32LE(value.long);
  return { type: isShort ? 3 : 4, count: 1, data };
}

/** A directory at `offset`, the data that do not fit into its entries behind it. */
function directoryBytes(directory: Directory, offset: number, next: number): Buffer {
  const entries = [...directory].sort(([a], [b]) => a - b);
  const head = Buffer.alloc(2 + entries.length * 12 + 4);
  head.writeUInt16LE(entries.length);
  const extra: Buffer[] = [];
  let at = offset + head.length;
  entries.forEach(([tag, value], i) => {
    const { type, count, data } = encoded(value);
    const entry = 2 + i * 12;
    head.writeUInt16LE(tag, entry);
    head.writeUInt16LE(type, entry + 2);
    head.writeUInt32LE(count, entry + 4);
    if (data.length <= 4) data.copy(head, entry + 8);
    else {
      head.writeUInt32LE(at, entry + 8);
      extra.push(data);
      at += data.length;
    }
  });
  head.writeUInt32LE(next, head.length - 4);
  return Buffer.concat([head, ...extra]);
}

/** EXIF as a TIFF block, little-endian, without the `Exif` prefix. */
export function exifBlock(planted: PlantedExif): Buffer {
  const { orientation, description, artist, userComment, gps, thumbnail } = planted;
  const main = new Map<number, Value>();
  if (description !== undefined) main.set(0x010e, { ascii: description });
  if (orientation !== undefined) main.set(0x0112, { short: orientation });
  if (artist !== undefined) main.set(0x013b, { ascii: artist });
  const detail = new Map<number, Value>();
  if (userComment !== undefined) {
    const text = Buffer.from(userComment, 'utf16le');
    detail.set(0x9286, { bytes: Buffer.concat([Buffer.from('UNICODE\0'), text]) });
  }
  const place = new Map<number, Value>();
  if (gps?.latRef !== undefined) place.set(1, { ascii: gps.latRef });
  if (gps?.lat) place.set(2, { rationals: gps.lat });
  if (gps?.lonRef !== undefined) place.set(3, { ascii: gps.lonRef });
  if (gps?.lon) place.set(4, { rationals: gps.lon });
  main.set(0x8769, { long: 0 });
  main.set(0x8825, { long: 0 });
  const small = new Map<number, Value>();
  if (thumbnail) {
    small.set(0x0103, { short: 6 });
    small.set(0x0201, { long: 0 });
    small.set(0x0202, { long: thumbnail.length });
  }
  // Sizes do not depend on the offsets, so they are measured first and filled in after.
  const size = (directory: Directory) => directoryBytes(directory, 0, 0).length;
  const detailAt = 8 + size(main);
  const placeAt = detailAt + size(detail);
  const smallAt = placeAt + size(place);
  main.set(0x8769, { long: detailAt });
  main.set(0x8825, { long: placeAt });
  if (thumbnail) small.set(0x0201, { long: smallAt + size(small) });
  return Buffer.concat([
    Buffer.from('49492a0008000000', 'hex'),
    directoryBytes(main, 8, thumbnail ? smallAt : 0),
    directoryBytes(detail, detailAt, 0),
    directoryBytes(place, placeAt, 0),
    ...(thumbnail ? [directoryBytes(small, smallAt, 0), Buffer.from(thumbnail)] : []),
  ]);
}

/** A JPEG segment: marker, length, content. */
export function segment(marker: number, ...content: (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)));
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** The APP1 segment of EXIF. */
export const exifSegment = (planted: PlantedExif): Buffer =>
  segment(0xe1, 'Exif\0\0', exifBlock(planted));

/** A JPEG with segments put in behind its start, and bytes behind its end. */
export function withSegments(
  jpeg: Uint8Array,
  segments: readonly Uint8Array[],
  trailer: Uint8Array | string = '',
): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2), Buffer.from(trailer)]);
}

/** A JPEG that names `place` in every kind of metadata, and says it is at 64.1466, -21.9426. */
export function plantedEverywhere(jpeg: Uint8Array, place: string, thumbnail: Uint8Array): Buffer {
  const text = Buffer.from(place);
  const dataset = (number: number) => [Buffer.from([0x1c, 2, number, 0, text.length]), text];
  const iptc = Buffer.concat([...dataset(90), ...dataset(120)]);
  const resource = Buffer.concat([
    Buffer.from('8BIM\x04\x04\0\0\0\0', 'latin1'),
    Buffer.from([0, iptc.length]),
    iptc,
    Buffer.alloc(iptc.length % 2),
  ]);
  const xmp =
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    '<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" ' +
    `photoshop:City="${place}" exif:GPSLatitude="64,8.796N" exif:GPSLongitude="21,56.556W"/></rdf:RDF></x:xmpmeta>`;
  return withSegments(
    jpeg,
    [
      exifSegment({
        description: place,
        artist: place,
        userComment: place,
        gps: {
          lat: [
            [64, 1],
            [8, 1],
            [47_760, 1000],
          ], // 64.1466
          latRef: 'N',
          lon: [
            [21, 1],
            [56, 1],
            [33_360, 1000],
          ], // 21.9426
          lonRef: 'W',
        },
        thumbnail: withSegments(thumbnail, [segment(0xfe, place)]),
      }),
      segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', xmp),
      segment(0xeb, 'JP\0\x01\0\0\0\x01', Buffer.from([0, 0, 0, 16]), 'jumb', place),
      segment(0xed, 'Photoshop 3.0\0', resource),
      segment(0xfe, place),
    ],
    `after the picture: ${place}`,
  );
}
