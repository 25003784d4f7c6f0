/**
 * Colours by role. Each is a CSS variable, so the page's theme decides, with a light-theme fallback
 * for a drawing that stands alone.
 *
 * Series are told apart by dash pattern as well as by hue. The hues of series and of error classes
 * keep their order under the common colour-vision deficiencies: dark blue-green to light to dark red.
 * @module
 */

/** Roles of ink and paper. */
export const INK = {
  text: 'var(--ink, #1d232b)',
  muted: 'var(--muted, #5b6673)',
  grid: 'var(--grid, #e3e6ea)',
  axis: 'var(--axis, #9aa4af)',
  paper: 'var(--paper, #ffffff)',
  sea: 'var(--sea, #f2f5f8)',
  land: 'var(--land, #dde2e7)',
  border: 'var(--border, #ffffff)',
} as const;

/** How a line of one series is drawn. */
export interface SeriesStyle {
  readonly color: string;
  readonly dash: string | undefined;
  readonly width: number;
}

/** `main` is what the figure is about, `context` what it is compared with. */
export type Emphasis = 'main' | 'context';

const MAIN = [
  'var(--series-1, #0b6e75)',
  'var(--series-2, #c2571a)',
  'var(--series-3, #5b4b9a)',
  'var(--series-4, #8a6d00)',
] as const;
const CONTEXT = 'var(--series-context, #7c8793)';
const MAIN_DASHES = [undefined, '7 3', '2 3', '9 3 2 3'] as const;
const CONTEXT_DASHES = ['5 4', '1.5 3', '9 3 2 3', undefined] as const;

/** Styles for a list of series, each role counting its own. */
export function seriesStyles(
  series: readonly { readonly emphasis?: Emphasis | undefined }[],
): SeriesStyle[] {
  let mains = 0;
  let contexts = 0;
  return series.map(({ emphasis }) => {
    if (emphasis === 'context') {
      return {
        color: CONTEXT,
        dash: CONTEXT_DASHES[contexts++ % CONTEXT_DASHES.length],
        width: 1.5,
      };
    }
    const at = mains++ % MAIN.length;
    return { color: MAIN[at] ?? CONTEXT, dash: MAIN_DASHES[at], width: 2 };
  });
}

/** Colours of error classes, best first. */
export const ERROR_COLORS: readonly string[] = [
  'var(--error-1, #06474d)',
  'var(--error-2, #14868c)',
  'var(--error-3, #6fb6a6)',
  'var(--error-4, #e0a03a)',
  'var(--error-5, #b8433a)',
];
