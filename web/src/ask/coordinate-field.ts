/**
 * A point typed instead of clicked.
 * @module
 */
import { h } from '../shared/dom.ts';
import type { Point } from '../shared/events.ts';

/** `60.4, 5.3` as a point; `undefined` for anything else. */
export function readPoint(text: string): Point | undefined {
  const parts = /^\s*([+-]?\d+(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d+(?:\.\d+)?)\s*$/.exec(text);
  if (!parts) return undefined;
  const lat = Number(parts[1]);
  const lon = Number(parts[2]);
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : undefined;
}

/** The field and its button. */
export function coordinateField(onChoose: (point: Point) => void): HTMLElement {
  const error = h('p', { class: 'field-error', id: 'point-error', role: 'alert' });
  const input = h('input', {
    type: 'text',
    id: 'point',
    inputmode: 'text',
    autocomplete: 'off',
    placeholder: '-13.5, -72.0',
    'aria-describedby': 'point-error',
  });
  return h(
    'form',
    {
      class: 'point-form',
      on: {
        submit: (event) => {
          event.preventDefault();
          const point = readPoint(input.value);
          input.toggleAttribute('aria-invalid', !point);
          error.textContent = point ? '' : 'Write latitude, then longitude: -13.5, -72.0';
          if (point) onChoose(point);
        },
      },
    },
    h('label', { for: 'point' }, 'Cut a tile at'),
    h(
      'div',
      { class: 'field-row' },
      input,
      h('button', { type: 'submit', class: 'button' }, 'Cut'),
    ),
    error,
  );
}
