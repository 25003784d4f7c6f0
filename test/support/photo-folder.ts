/**
 * A folder of made photographs: tiles of the Earth as JPEGs with the coordinate in their EXIF, of two
 * shapes, and what goes wrong in real folders beside them.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cutTile,
  defaultGazetteer,
  encodeJpeg,
  landPoints,
  loadEarth,
} from '../../src/data/index.ts';
import { exifSegment, withSegments } from './photo-metadata.ts';

type Rational = [number, number];

const degrees = (value: number): [Rational, Rational, Rational] => {
  const seconds = Math.round(Math.abs(value) * 3600 * 1000);
  return [
    [Math.floor(seconds / 3_600_000), 1],
    [Math.floor(seconds / 60_000) % 60, 1],
    [seconds % 60_000, 1000],
  ];
};

/** A JPEG with a coordinate in its EXIF. */
export const taggedPhoto = (jpeg: Uint8Array, lat: number, lon: number): Buffer =>
  withSegments(jpeg, [
    exifSegment({
      gps: {
        ...{ lat: degrees(lat), latRef: lat < 0 ? 'S' : 'N' },
        ...{ lon: degrees(lon), lonRef: lon < 0 ? 'W' : 'E' },
      },
    }),
  ]);

/**
 * Writes the folder: `count` photographs, every third of them wide; with `broken`, also one that is
 * cut off, one without a coordinate and a text file.
 */
export function writePhotoFolder(
  folder: string,
  { count, seed, broken = false }: { count: number; seed: number; broken?: boolean },
): void {
  mkdirSync(folder, { recursive: true });
  const earth = loadEarth();
  const sizePx = 112;
  const points = landPoints({ count, seed, split: 'train' }, defaultGazetteer(), earth);
  let i = 0;
  for (const { lat, lon } of points) {
    const tile = cutTile(earth, { lat, lon, spanDegrees: 12, sizePx });
    const height = i % 3 === 0 ? 56 : sizePx;
    const data = tile.subarray(0, height * sizePx * 3);
    const jpeg = encodeJpeg({ width: sizePx, height, data });
    writeFileSync(join(folder, `${String(i).padStart(3, '0')}.jpg`), taggedPhoto(jpeg, lat, lon));
    if (broken && i === 0) {
      const whole = taggedPhoto(jpeg, lat, lon);
      writeFileSync(join(folder, 'cut.jpg'), whole.subarray(0, Math.floor(whole.length * 0.7)));
      writeFileSync(join(folder, 'bare.jpg'), jpeg);
      writeFileSync(join(folder, 'notes.txt'), 'not a picture');
    }
    i++;
  }
}
