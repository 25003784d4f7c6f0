/**
 * SVG as strings: elements, attributes and path data, escaped and rounded in one place.
 * @module
 */
import { escapeText } from './escape.ts';

/** Attribute values; `undefined` leaves the attribute out. Numbers are rounded to 1/100. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A point on the drawing, in user units. */
export type Point = readonly [x: number, y: number];

/** A number for an attribute or a path, at most two decimals. */
export function rounded(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

/** One element; children are markup already, text goes through {@link textElement}. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  let open = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    open += ` ${key}="${typeof value === 'number' ? rounded(value) : escapeText(value)}"`;
  }
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

/** A `text` element at a point. */
export function textElement(text: string, at: Point, attributes: Attributes = {}): string {
  return element('text', { x: at[0], y: at[1], ...attributes }, escapeText(text));
}

/** Path data through points; `null` lifts the pen. */
export function polyline(points: readonly (Point | null)[]): string {
  let data = '';
  let isDown = false;
  for (const point of points) {
    if (point) data += `${isDown ? 'L' : 'M'}${rounded(point[0])},${rounded(point[1])}`;
    isDown = point !== null;
  }
  return data;
}

/** What every drawing says about itself, for people who hear it instead of seeing it. */
export interface Labelled {
  /** Short name. */
  readonly title: string;
  /** What the drawing shows, in a sentence or two; made from the data when left out. */
  readonly description?: string;
}

/** The outermost element: scales with its container, carries its name and its text equivalent. */
export function svgRoot(
  size: { readonly width: number; readonly height: number },
  label: Required<Labelled>,
  ...children: string[]
): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${rounded(size.width)} ${rounded(size.height)}`,
      role: 'img',
      'aria-label': `${label.title}. ${label.description}`,
      'font-family': 'system-ui, -apple-system, "Segoe UI", sans-serif',
      'font-size': 12,
    },
    element('title', {}, escapeText(label.title)),
    element('desc', {}, escapeText(label.description)),
    ...children,
  );
}
