/** Where samples come from: the embedded Earth, files with coordinates, and rows to train on. @module */
export {
  type EarthDataset,
  type EarthDatasetOptions,
  type EarthSample,
  earthDataset,
  earthSampleId,
  type LandPointOptions,
  landPoints,
  NORTH_LIMIT,
  SOUTH_LIMIT,
} from './earth/dataset.ts';
export { type Earth, earthFrom, loadEarth } from './earth/earth.ts';
export { type Jitter, jitter, SCALE_RANGE } from './earth/jitter.ts';
export { BLOCK_DEGREES, type Split, splitOf } from './earth/split.ts';
export { cutTile, MIN_COSINE, type TileOptions, tileLonSpanDegrees } from './earth/tile.ts';
export { pictureId, tilePicture } from './earth/tile-picture.ts';
export { isOpenWater, isWaterColour } from './earth/water.ts';
export { decodeJpeg, encodeJpeg, type Picture } from './picture.ts';
