/**
 * The frame of a chart: plotting area, grid lines, tick labels and axis titles.
 * @module
 */
import { element, type Point, textElement } from './element.ts';
import { INK } from './palette.ts';
import type { Scale } from './scale.ts';

/** The plotting area on the drawing. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A tick: where on the scale, and what it says. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** What an axis needs. */
export interface Axis {
  readonly scale: Scale;
  readonly ticks: readonly Tick[];
  readonly label?: string | undefined;
}

/** About how wide text is in the system font, in user units. */
export function textWidth(text: string, fontSize = 12): number {
  return [...text].length * fontSize * 0.55;
}

const line = (from: Point, to: Point, stroke: string, dash?: string): string =>
  element('line', {
    x1: from[0],
    y1: from[1],
    x2: to[0],
    y2: to[1],
    stroke,
    'stroke-dasharray': dash,
  });

/** Horizontal grid lines with labels on the left; the axis title lies above the labels. */
export function yAxis({ left, right, top }: Area, axis: Axis): string {
  const parts = axis.ticks.map(({ value, label }) => {
    const y = axis.scale(value);
    return (
      line([left, y], [right, y], INK.grid) +
      textElement(label, [left - 8, y], {
        fill: INK.muted,
        'text-anchor': 'end',
        'dominant-baseline': 'central',
      })
    );
  });
  if (axis.label) parts.push(textElement(axis.label, [0, top - 14], { fill: INK.muted }));
  return element('g', { 'aria-hidden': 'true' }, ...parts);
}

/** Tick marks and labels below the plot; `grid` draws dashed lines up to the top. */
export function xAxis(
  { left, right, top, bottom }: Area,
  axis: Axis,
  options: { readonly grid?: boolean } = {},
): string {
  const parts = [line([left, bottom], [right, bottom], INK.axis)];
  let clearFrom = Number.NEGATIVE_INFINITY;
  for (const { value, label } of axis.ticks) {
    const x = axis.scale(value);
    const half = textWidth(label) / 2;
    if (options.grid) parts.push(line([x, top], [x, bottom], INK.axis, '2 4'));
    else parts.push(line([x, bottom], [x, bottom + 4], INK.axis));
    // A label that would touch its neighbour is left out; its mark stays.
    if (x - half < clearFrom) continue;
    clearFrom = x + half + 4;
    parts.push(textElement(label, [x, bottom + 18], { fill: INK.muted, 'text-anchor': 'middle' }));
  }
  if (axis.label) {
    parts.push(
      textElement(axis.label, [(left + right) / 2, bottom + 36], {
        fill: INK.muted,
        'text-anchor': 'middle',
      }),
    );
  }
  return element('g', { 'aria-hidden': 'true' }, ...parts);
}

/** What stands in the middle of a chart that has nothing to draw. */
export function emptyNote({ left, top, right, bottom }: Area, text = 'no data'): string {
  return textElement(text, [(left + right) / 2, (top + bottom) / 2], {
    fill: INK.muted,
    'text-anchor': 'middle',
    'dominant-baseline': 'central',
  });
}
