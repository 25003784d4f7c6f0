/**
 * The list of what was asked before, with its export.
 * @module
 */
import { fill, h } from '../shared/dom.ts';
import { kmText } from '../shared/text.ts';
import { EXPORT_TYPES, type ExportFormat, exported } from './export.ts';
import { clearHistory, type HistoryEntry, readHistory } from './history.ts';

/** The list. */
export interface HistoryView {
  readonly element: HTMLElement;
  /** Shows what is kept now. */
  refresh(): void;
}

function save(format: ExportFormat): void {
  const blob = new Blob([exported(readHistory(), format)], { type: EXPORT_TYPES[format] });
  const address = URL.createObjectURL(blob);
  h('a', { href: address, download: `geor-history.${format}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Makes the list; `onChoose` shows an entry on the globe. */
export function historyView(onChoose: (entry: HistoryEntry) => void): HistoryView {
  const list = h('ol', { class: 'history-list' });
  const clear = h(
    'button',
    {
      type: 'button',
      class: 'button quiet-button',
      on: {
        click: () => {
          clearHistory();
          refresh();
        },
      },
    },
    'Clear',
  );
  const formats = Object.keys(EXPORT_TYPES) as ExportFormat[];
  const label = (format: ExportFormat): string =>
    format === 'geojson' ? 'GeoJSON' : format.toUpperCase();
  const element = h(
    'section',
    { class: 'history', 'aria-labelledby': 'history-title', hidden: true },
    h('h2', { id: 'history-title' }, 'Before'),
    h('p', { class: 'quiet' }, 'Kept in this browser alone.'),
    list,
    h(
      'div',
      { class: 'button-row' },
      h('span', { class: 'quiet' }, 'Save as'),
      formats.map((format) =>
        h(
          'button',
          { type: 'button', class: 'button', on: { click: () => save(format) } },
          label(format),
        ),
      ),
      clear,
    ),
  );
  function refresh(): void {
    const entries = readHistory();
    element.hidden = entries.length === 0;
    fill(
      list,
      entries.map((entry) =>
        h(
          'li',
          {},
          h(
            'button',
            { type: 'button', class: 'history-entry', on: { click: () => onChoose(entry) } },
            h('img', { src: entry.thumbnail, alt: '', width: 48, height: 48 }),
            h(
              'span',
              {},
              h('b', {}, entry.headline),
              h(
                'small',
                {},
                [
                  entry.kind === 'tile' ? 'tile' : 'photograph',
                  entry.distanceKm === undefined ? undefined : `${kmText(entry.distanceKm)} off`,
                  new Date(entry.at).toLocaleString('en-GB', {
                    dateStyle: 'medium',
                    timeStyle: 'short',
                  }),
                ]
                  .filter((part) => part !== undefined)
                  .join(' · '),
              ),
            ),
          ),
        ),
      ),
    );
  }
  refresh();
  return { element, refresh };
}
