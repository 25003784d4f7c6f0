/**
 * Elements made in code: text is always text, never markup, since models write some of it.
 * @module
 */

/** What an element may hold; nothing is drawn for `null`, `undefined` and `false`. */
export type Child = Node | string | number | null | undefined | false;

/** Attributes, and listeners under `on`. An attribute that is `false` or `undefined` is left out. */
export interface Properties {
  readonly on?: {
    readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void;
  };
  readonly [attribute: string]: unknown;
}

/** Makes an element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'on' || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [name, listener] of Object.entries(properties.on ?? {}))
    element.addEventListener(name, listener as EventListener);
  fill(element, ...children);
  return element;
}

/** Replaces what an element holds. */
export function fill(element: Element, ...children: readonly (Child | readonly Child[])[]): void {
  const nodes = children
    .flat()
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
  element.replaceChildren(...(nodes as (Node | string)[]));
}

/** An icon: the stroke of one path in a square of 24. Decoration: it has no name. */
export function icon(path: string): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(namespace, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** Whether the visitor asked for less motion. */
export const prefersStillness = (): boolean =>
  matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Scrolls as little as is needed to see an element, or its beginning when it is long. */
export function bringIntoView(element: HTMLElement): void {
  const behavior = prefersStillness() ? 'auto' : 'smooth';
  const isLong = element.offsetHeight > innerHeight;
  element.scrollIntoView({ block: isLong ? 'start' : 'nearest', behavior });
}
