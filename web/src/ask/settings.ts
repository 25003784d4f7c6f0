/**
 * How to ask: who answers, how far the answer goes, how often to ask. Kept in this browser.
 * @module
 */
import { h } from '../shared/dom.ts';
import type { Precision } from '../shared/events.ts';

/** Who answers. */
export type Where = 'server' | 'browser';

/** The visitor's choices. */
export interface Settings {
  readonly where: Where;
  readonly precision: Precision;
  readonly samples: number;
}

/** Coarse by default: a city is enough for most questions, and kinder to whom a photograph shows. */
export const DEFAULTS: Settings = { where: 'server', precision: 'city', samples: 8 };

const KEY = 'geor.settings';
const WHERE: readonly Where[] = ['server', 'browser'];
const PRECISIONS: readonly Precision[] = ['country', 'region', 'city', 'point'];
const SAMPLES: readonly number[] = [1, 8, 16];

/** What was chosen last time, as far as it still makes sense. */
export function readSettings(storage: Pick<Storage, 'getItem'> = localStorage): Settings {
  try {
    const found: unknown = JSON.parse(storage.getItem(KEY) ?? '{}');
    const { where, precision, samples } = (found ?? {}) as Record<string, unknown>;
    return {
      where: WHERE.find((known) => known === where) ?? DEFAULTS.where,
      precision: PRECISIONS.find((known) => known === precision) ?? DEFAULTS.precision,
      samples: SAMPLES.find((known) => known === samples) ?? DEFAULTS.samples,
    };
  } catch {
    return DEFAULTS;
  }
}

interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly note?: string;
}

function choices<T extends string | number>(
  legend: string,
  name: string,
  options: readonly Choice<T>[],
  chosen: T,
  onChange: (value: T) => void,
  kind: 'cards' | 'segments',
): HTMLElement {
  return h(
    'fieldset',
    { class: kind },
    h('legend', {}, legend),
    h(
      'div',
      { class: 'options' },
      options.map(({ value, label, note }) =>
        h(
          'label',
          {},
          h('input', {
            type: 'radio',
            name,
            value,
            checked: value === chosen,
            on: { change: () => onChange(value) },
          }),
          h('span', {}, h('b', {}, label), note && h('small', {}, note)),
        ),
      ),
    ),
  );
}

/** The settings as a folded part of the page. */
export function settingsPanel(
  { serverNote, hasBrowserModel }: { serverNote: string; hasBrowserModel: boolean },
  onChange: (settings: Settings) => void,
): { readonly element: HTMLElement; current(): Settings } {
  let settings = readSettings();
  if (!hasBrowserModel) settings = { ...settings, where: 'server' };
  const words = h('span', { class: 'settings-words' });
  const summarise = (): void => {
    const { where, precision, samples } = settings;
    words.textContent = [
      where === 'browser' ? 'In this browser' : 'On this server',
      precision === 'point' ? 'to the point' : `down to the ${precision}`,
      samples === 1 ? 'once' : `${samples} times`,
    ].join(' · ');
  };
  const change = (part: Partial<Settings>): void => {
    settings = { ...settings, ...part };
    try {
      localStorage.setItem(KEY, JSON.stringify(settings));
    } catch {
      // A browser that keeps nothing still answers.
    }
    summarise();
    onChange(settings);
  };
  summarise();
  const where: readonly Choice<Where>[] = [
    { value: 'server', label: 'On this server', note: serverNote },
    ...(hasBrowserModel
      ? [
          {
            value: 'browser' as const,
            label: 'In this browser',
            note: 'The small model, loaded once. It reads satellite tiles; nothing leaves this page.',
          },
        ]
      : []),
  ];
  const element = h(
    'details',
    { class: 'settings' },
    h('summary', {}, words, h('span', { class: 'as-link' }, 'Change')),
    choices(
      'Who answers',
      'where',
      where,
      settings.where,
      (value) => change({ where: value }),
      'cards',
    ),
    choices(
      'How far the answer to a photograph goes',
      'precision',
      PRECISIONS.map((value) => ({
        value,
        label: value === 'point' ? 'Point' : value[0]!.toUpperCase() + value.slice(1),
      })),
      settings.precision,
      (value) => change({ precision: value }),
      'segments',
    ),
    choices(
      'How often to ask',
      'samples',
      SAMPLES.map((value) => ({ value, label: value === 1 ? 'Once' : `${value} times` })),
      settings.samples,
      (value) => change({ samples: value }),
      'segments',
    ),
  );
  return { element, current: () => settings };
}
