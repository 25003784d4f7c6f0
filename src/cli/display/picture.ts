/**
 * A small picture in a terminal: two pixels per character cell, by the upper half block with its own
 * foreground (upper pixel) and background (lower pixel).
 * @module
 */
import { CONTROL, type ColorDepth } from './terminal.ts';

type Rgb = readonly [red: number, green: number, blue: number];

// Mean over the box of source pixels that falls on one target pixel.
const boxMean = (tile: Uint8Array, sizePx: number, targetPx: number, x: number, y: number): Rgb => {
  const edge = (at: number): number => Math.floor((at * sizePx) / targetPx);
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let row = edge(y); row < Math.max(edge(y) + 1, edge(y + 1)); row++) {
    for (let column = edge(x); column < Math.max(edge(x) + 1, edge(x + 1)); column++) {
      const at = (row * sizePx + column) * 3;
      for (let channel = 0; channel < 3; channel++) sum[channel]! += tile[at + channel] ?? 0;
      count++;
    }
  }
  return [Math.round(sum[0] / count), Math.round(sum[1] / count), Math.round(sum[2] / count)];
};

/** Nearest colour of the 6 x 6 x 6 cube or the grey ramp of 256-colour terminals (xterm). */
export function nearest256([red, green, blue]: Rgb): number {
  const levels = [0, 95, 135, 175, 215, 255] as const;
  const level = (value: number): number =>
    levels.reduce<number>(
      (best, _, i) => (Math.abs(levels[i]! - value) < Math.abs(levels[best]! - value) ? i : best),
      0,
    );
  const [r, g, b] = [level(red), level(green), level(blue)];
  const grey = Math.max(0, Math.min(23, Math.round(((red + green + blue) / 3 - 8) / 10)));
  const distance = (r2: number, g2: number, b2: number): number =>
    (red - r2) ** 2 + (green - g2) ** 2 + (blue - b2) ** 2;
  const shade = 8 + grey * 10;
  return distance(shade, shade, shade) < distance(levels[r]!, levels[g]!, levels[b]!)
    ? 232 + grey
    : 16 + 36 * r + 6 * g + b;
}

/**
 * Draws a square RGB picture.
 *
 * @param tile - `sizePx * sizePx * 3` bytes, row by row
 * @param cells - width in cells; the picture is half as many lines high
 * @returns one string per line; none where the terminal has fewer than 256 colours
 */
export function picture(
  tile: Uint8Array,
  sizePx: number,
  cells: number,
  depth: ColorDepth,
): string[] {
  if ((depth !== 'truecolor' && depth !== '256') || sizePx < 1) return [];
  if (tile.length < sizePx * sizePx * 3) return [];
  const code = (ground: 38 | 48, color: Rgb): string =>
    depth === 'truecolor' ? `${ground};2;${color.join(';')}` : `${ground};5;${nearest256(color)}`;
  return Array.from({ length: Math.floor(cells / 2) }, (_, row) => {
    let line = '';
    for (let x = 0; x < cells; x++) {
      const upper = boxMean(tile, sizePx, cells, x, row * 2);
      const lower = boxMean(tile, sizePx, cells, x, row * 2 + 1);
      line += `\u001b[${code(38, upper)};${code(48, lower)}m▀`;
    }
    return line + CONTROL.reset;
  });
}
