/**
 * A legend in rows above a chart: a stroke as it is drawn, then its name.
 * @module
 */
import { textWidth } from './axes.ts';
import { element, textElement } from './element.ts';
import { INK, type SeriesStyle } from './palette.ts';

const ROW = 18;
const SWATCH = 24;

/** A legend laid out: its markup and how high it is. */
export interface Legend {
  readonly markup: string;
  readonly height: number;
}

/** Lays entries out from the left, in as many rows as `width` asks for. */
export function legend(
  entries: readonly { readonly name: string; readonly style: SeriesStyle }[],
  width: number,
): Legend {
  let x = 0;
  let row = 0;
  const parts = entries.map(({ name, style }) => {
    const needed = SWATCH + 6 + textWidth(name) + 16;
    if (x > 0 && x + needed > width) {
      x = 0;
      row++;
    }
    const y = row * ROW + 8;
    const markup =
      element('line', {
        x1: x,
        y1: y,
        x2: x + SWATCH,
        y2: y,
        stroke: style.color,
        'stroke-width': style.width,
        'stroke-dasharray': style.dash,
      }) +
      textElement(name, [x + SWATCH + 6, y], { fill: INK.text, 'dominant-baseline': 'central' });
    x += needed;
    return markup;
  });
  if (parts.length === 0) return { markup: '', height: 0 };
  return { markup: element('g', { 'aria-hidden': 'true' }, ...parts), height: (row + 1) * ROW + 4 };
}
