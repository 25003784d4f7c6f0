/**
 * Open water, told from the Earth picture's colours.
 *
 * Country outlines take in coastal sea, and a tile of sea says little; so a point on land must also
 * look like land. Measured on the reduced picture against Natural Earth's 1:50m land between 56
 * degrees south and 65 north, by area and more than two pixels (35 km) from a coast: 0.03 % of the
 * sea passes for land, and 0.4 % of the land is refused, nearly all of it lakes.
 * @module
 */
import type { Earth } from './earth.ts';

/**
 * Whether an RGB colour of the Blue Marble is water: clearly bluer than red and green, as the sea
 * floor's shading is painted, or nearly black, as deep lakes are.
 */
export function isWaterColour(red: number, green: number, blue: number): boolean {
  return (blue > 1.5 * red + 8 && blue > green) || red + green + blue < 36;
}

/** Whether the pixel at a point is open water, on the picture reduced once (20 km at the equator). */
export function isOpenWater(earth: Earth, lat: number, lon: number): boolean {
  const { width, height, data } = earth.reduced(1, 1);
  const row = Math.min(height - 1, Math.floor(((90 - lat) / 180) * height));
  const column = Math.floor(((lon + 180) / 360) * width) % width;
  const at = (row * width + column) * 3;
  return isWaterColour(data[at]!, data[at + 1]!, data[at + 2]!);
}
