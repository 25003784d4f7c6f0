/**
 * Places to try: tiles around points that no training tile was centred near (held-out blocks).
 * @module
 */
import { h } from '../shared/dom.ts';
import type { Point } from '../shared/events.ts';

/** A place worth a click. The name is for the visitor; no model sees it. */
export interface Example extends Point {
  readonly name: string;
}

/** Six landscapes, each in a block that no training point lies in. */
export const EXAMPLES: readonly Example[] = [
  { name: 'Nile', lat: 28.1, lon: 30.2 },
  { name: 'Great Lakes', lat: 44, lon: -84.5 },
  { name: 'Patagonia', lat: -46, lon: -71.5 },
  { name: 'Honshu', lat: 35, lon: 138.5 },
  { name: 'Carpentaria', lat: -17.5, lon: 141.5 },
  { name: 'Baja', lat: 27, lon: -112.5 },
];

/** The row of examples; pictures come with the Earth. */
export function exampleRow(onChoose: (example: Example) => void): {
  readonly element: HTMLElement;
  setPictures(cut: (point: Point) => HTMLCanvasElement): void;
} {
  const slots = EXAMPLES.map((example) => {
    const picture = h('span', { class: 'example-picture', 'aria-hidden': 'true' });
    const button = h(
      'button',
      { type: 'button', class: 'example', on: { click: () => onChoose(example) } },
      picture,
      h('span', {}, example.name),
    );
    return { example, picture, button };
  });
  return {
    element: h(
      'section',
      { class: 'examples', 'aria-labelledby': 'examples-title' },
      h('h2', { id: 'examples-title', class: 'overline' }, 'Try one of these'),
      h(
        'ul',
        {},
        slots.map(({ button }) => h('li', {}, button)),
      ),
    ),
    setPictures(cut) {
      for (const { example, picture } of slots) picture.replaceChildren(cut(example));
    },
  };
}
