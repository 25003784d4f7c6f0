/**
 * Markers on the globe: buttons, so that a keyboard and a screen reader reach them. Kinds differ in
 * shape as well as in colour.
 * @module
 */
import { h } from '../shared/dom.ts';
import type { Point } from './overlay.ts';
import { screenOf, type View } from './raster.ts';

/** A place on the globe that can be reached. */
export interface Marker extends Point {
  /** `answer` a pin, `sample` a dot, `cut` a diamond where a tile was cut. */
  readonly kind: 'answer' | 'sample' | 'cut';
  /** What it is, for a screen reader and as a tip. */
  readonly label: string;
  /** How many samples stand here. */
  readonly count?: number;
  readonly onChoose?: () => void;
}

/** The button of a marker. */
export function markerButton({ kind, label, count = 1, onChoose }: Marker): HTMLElement {
  return h(
    'button',
    {
      type: 'button',
      class: `marker ${kind}`,
      'aria-label': label,
      title: label,
      on: { click: () => onChoose?.() },
    },
    h('span', { 'aria-hidden': 'true' }, count > 1 ? count : null),
  );
}

/** Moves the buttons to where their points are seen; those on the far side are hidden. */
export function placeMarkers(
  layer: HTMLElement,
  { width, height }: { width: number; height: number },
  view: View,
  markers: readonly Marker[],
): void {
  markers.forEach((marker, i) => {
    const button = layer.children[i];
    if (!(button instanceof HTMLElement)) return;
    const { x, y, isVisible } = screenOf(view, marker);
    const left = width / 2 + x;
    const top = height / 2 - y;
    const isInside = left > 0 && top > 0 && left < width && top < height;
    button.hidden = !isVisible || !isInside;
    button.style.translate = `${left.toFixed(1)}px ${top.toFixed(1)}px`;
  });
}
