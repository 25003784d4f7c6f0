/**
 * A history of numbers in one line of block characters.
 * @module
 */

const BLOCKS = '▁▂▃▄▅▆▇█';

/**
 * Draws the values in at most `width` characters; a longer history is averaged into that many
 * equal parts, so the whole run stays in view. Values that are not finite are left out; equal
 * values lie on the middle block.
 */
export function sparkline(values: readonly number[], width: number): string {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0 || width <= 0) return '';
  const count = Math.min(width, finite.length);
  const means = Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * finite.length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * finite.length) / count));
    let sum = 0;
    for (let at = from; at < to; at++) sum += finite[at] ?? 0;
    return sum / (to - from);
  });
  const low = Math.min(...means);
  const span = Math.max(...means) - low;
  return means
    .map((mean) => BLOCKS[span === 0 ? 3 : Math.round(((mean - low) / span) * (BLOCKS.length - 1))])
    .join('');
}
