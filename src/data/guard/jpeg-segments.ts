/**
 * The parts a JPEG file consists of, found without decoding it.
 *
 * Source: ITU-T T.81, annex B.
 * @module
 */

/** One marker of a JPEG with what belongs to it, or the bytes after the end of the picture. */
export interface JpegSegment {
  /** The marker's second byte, e.g. 0xe1 for APP1; -1 for bytes after the end of the picture. */
  readonly marker: number;
  /** What follows the length field; empty for markers without one. */
  readonly content: Uint8Array;
}

const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;

/** A marker that stands alone: RST0 to RST7, SOI, EOI and TEM. */
const isAlone = (marker: number): boolean => (marker >= 0xd0 && marker <= END) || marker === 0x01;

/** Where the next marker after the entropy-coded data of a scan begins. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1]!;
    // A stuffed zero, a restart and a fill byte belong to the scan.
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

/** The segments of a JPEG in order. Ends quietly where the file stops being one. */
export function* jpegSegments(bytes: Uint8Array): Generator<JpegSegment> {
  for (let at = 0; at + 1 < bytes.length; ) {
    if (bytes[at] !== 0xff) return;
    const marker = bytes[at + 1]!;
    at++;
    if (marker === 0xff) continue;
    at++;
    if (isAlone(marker)) {
      yield { marker, content: bytes.subarray(at, at) };
      if (marker !== END) continue;
      if (at < bytes.length) yield { marker: -1, content: bytes.subarray(at) };
      return;
    }
    const length = (bytes[at]! << 8) | bytes[at + 1]!;
    if (!(length >= 2)) return;
    yield { marker, content: bytes.subarray(at + 2, at + length) };
    at += length;
    if (marker === SCAN) at = endOfScan(bytes, at);
  }
}

/** Markers that a picture needs: frames, tables, scans, restarts. */
const isPicture = (marker: number): boolean =>
  (marker >= 0xc0 && marker <= 0xdd && marker !== 0xc8) || marker === 0x01;

/** The JFIF header without a thumbnail: 14 bytes of version and density. */
const isJfif = ({ marker, content }: JpegSegment): boolean =>
  marker === 0xe0 &&
  content.length === 14 &&
  String.fromCharCode(...content.subarray(0, 5)) === 'JFIF\0';

/**
 * Whether a file is a whole JPEG of nothing but a picture: no application segments beyond a bare
 * JFIF header, no comment, nothing after the end.
 */
export function isBareJpeg(bytes: Uint8Array): boolean {
  const segments = [...jpegSegments(bytes)];
  return (
    segments[0]?.marker === START &&
    segments.at(-1)?.marker === END &&
    segments.every((segment) => isPicture(segment.marker) || isJfif(segment))
  );
}
