/**
 * How fast tiles come: the hot path of training, 64 to 80 tiles a step.
 *
 * Run: `npx vitest bench bench/tiles.bench.ts --run`.
 * @module
 */
import { bench, describe } from 'vitest';
import { random } from '../src/core/index.ts';
import { readAsset } from '../src/core/node/index.ts';
import {
  cutTile,
  decodeJpeg,
  defaultGazetteer,
  earthDataset,
  encodeJpeg,
  loadEarth,
  tilePicture,
} from '../src/data/index.ts';

const earth = loadEarth();
const gazetteer = defaultGazetteer();
const source = random('tiles.bench');
const BATCH = 64;
const points = Array.from({ length: 4096 }, () => ({
  lat: source.uniform() * 131 - 56,
  lon: source.uniform() * 360 - 180,
}));
let next = 0;
const point = () => points[next++ % points.length]!;

describe('tiles of 56 x 56 pixels, 12 degrees', () => {
  const bytes = new Uint8Array(56 * 56 * 3);
  const floats = new Float32Array(56 * 56 * 3);
  bench(`${BATCH} tiles into bytes`, () => {
    for (let i = 0; i < BATCH; i++)
      cutTile(earth, { ...point(), spanDegrees: 12, sizePx: 56 }, bytes);
  });
  bench(`${BATCH} tiles into floats`, () => {
    for (let i = 0; i < BATCH; i++)
      cutTile(earth, { ...point(), spanDegrees: 12, sizePx: 56 }, floats);
  });
  bench('one tile as JPEG', () => {
    encodeJpeg(tilePicture(earth, { ...point(), spanDegrees: 12, sizePx: 56 }));
  });
});

describe('start', () => {
  const asset = readAsset('earth-blue-marble.jpg');
  bench('decode the picture (4096 x 2048)', () => void decodeJpeg(asset), {
    iterations: 3,
    time: 0,
  });
  bench(
    '100,000 training and 2,000 test points',
    () => void earthDataset({ seed: 1, trainCount: 100_000, testCount: 2_000 }, gazetteer, earth),
    { iterations: 2, time: 0, warmupIterations: 0 },
  );
});
