/** The part of `data` that runs in a browser: the Earth from above, its tiles, JPEG. Pure. @module */
export { type Earth, earthFrom } from '../earth/earth.ts';
export { type Split, splitOf } from '../earth/split.ts';
export { cutTile, type TileOptions, tileLonSpanDegrees } from '../earth/tile.ts';
export { isOpenWater } from '../earth/water.ts';
export { decodeJpeg, encodeJpeg } from '../jpeg.ts';
export type { Picture } from '../picture.ts';
