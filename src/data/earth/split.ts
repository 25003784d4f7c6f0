/**
 * Which part of the globe is for training and which for testing.
 *
 * The globe is cut into blocks of 2 x 2 degrees; a block is one or the other, about every tenth is
 * for testing, and no seed changes it. Blocks keep test *points* away from training points, not
 * test *pixels*: a tile is much larger than a block, so what lies in a test tile has been seen, from
 * other centres, in training. What is measured is recognising a place from a new cut-out.
 * @module
 */

/** The two parts of the globe. */
export type Split = 'train' | 'test';

/** Side of a block in degrees. */
export const BLOCK_DEGREES = 2;

const ROWS = 180 / BLOCK_DEGREES;
const COLUMNS = 360 / BLOCK_DEGREES;

/** The 32-bit finaliser of MurmurHash3. */
function mixed(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * The part of the globe that a point belongs to: with `row = floor((lat + 90) / 2)` and
 * `column = floor((lon + 180) / 2)`, a block is for testing when MurmurHash3's finaliser of
 * `180 (row + 90) + column` is divisible by ten. The 90 was chosen among small numbers because it
 * gives testing 10.0 % of the land. The north pole belongs to the northernmost row, 180 degrees east
 * to the first column.
 */
export function splitOf(lat: number, lon: number): Split {
  const row = Math.min(ROWS - 1, Math.floor((lat + 90) / BLOCK_DEGREES));
  const column = Math.floor((lon + 180) / BLOCK_DEGREES) % COLUMNS;
  return mixed((row + ROWS) * COLUMNS + column) % 10 === 0 ? 'test' : 'train';
}
