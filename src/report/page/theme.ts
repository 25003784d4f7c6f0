/**
 * Colours of the page, light and dark.
 *
 * Text on paper reaches a contrast of at least 4.5, lines on paper and dots on land at least 3 (WCAG
 * 2.2, 1.4.3 and 1.4.11), in both themes; classes of errors also differ in lightness.
 * @module
 */
import { type Markup, trusted } from '../markup.ts';

type Palette = Readonly<Record<string, string>>;

const light: Palette = {
  ink: '#1c2229',
  muted: '#56616d',
  paper: '#fdfdfb',
  raised: '#f4f5f2',
  rule: '#d9dcd6',
  accent: '#0b6e75',
  grid: '#e4e6e2',
  axis: '#98a1a6',
  sea: '#f0f4f5',
  land: '#e1e6e4',
  border: '#fdfdfb',
  'series-1': '#0b6e75',
  'series-2': '#c2571a',
  'series-3': '#5b4b9a',
  'series-4': '#8a6d00',
  'series-context': '#74808b',
  'error-1': '#03292e',
  'error-2': '#0a5f66',
  'error-3': '#358a79',
  'error-4': '#b2710a',
  'error-5': '#b23a34',
  good: '#0b6e4a',
  bad: '#a8322c',
};

const dark: Palette = {
  ink: '#e6e9ea',
  muted: '#9ca8b0',
  paper: '#12171b',
  raised: '#1a2126',
  rule: '#303a41',
  accent: '#5cc0c4',
  grid: '#262f35',
  axis: '#5c6a73',
  sea: '#182026',
  land: '#36424a',
  border: '#12171b',
  'series-1': '#56c3c6',
  'series-2': '#f09a5f',
  'series-3': '#b3a4ef',
  'series-4': '#d9bd57',
  'series-context': '#8b98a3',
  'error-1': '#d6fbf5',
  'error-2': '#7fdcd6',
  'error-3': '#35a39d',
  'error-4': '#e3a849',
  'error-5': '#e2665c',
  good: '#6fd3a4',
  bad: '#f2938b',
};

const declare = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

/** The theme as CSS: by system preference, overruled by the radio buttons, always light on paper. */
export const THEME: Markup = trusted(`
:root{color-scheme:light;${declare(light)}}
@media (prefers-color-scheme:dark){:root{color-scheme:dark;${declare(dark)}}}
:root:has(#theme-light:checked){color-scheme:light;${declare(light)}}
:root:has(#theme-dark:checked){color-scheme:dark;${declare(dark)}}
@media print{:root,:root:has(#theme-dark:checked){color-scheme:light;${declare({ ...light, paper: '#fff', border: '#fff' })}}}
`);
