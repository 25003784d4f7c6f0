/**
 * How training went: one small figure per measured quantity, its numbers on demand.
 * @module
 */
import { type Content, html, table, trusted } from '../markup.ts';
import type { ReportCurve, ReportInput } from '../report-input.ts';
import { formatNumber } from '../svg/format.ts';
import { lineChart } from '../svg/line-chart.ts';
import { evenSample } from '../svg/world-map.ts';

// Enough rows to follow a curve by ear, few enough to listen to.
const TABLE_ROWS = 12;

const numbers = (curve: ReportCurve): Content => {
  const steps = [...new Set(curve.series.flatMap(({ points }) => points.map(({ x }) => x)))].sort(
    (a, b) => a - b,
  );
  if (steps.length === 0) return undefined;
  const last = steps.at(-1)!;
  const shown = [...new Set([...evenSample(steps, TABLE_ROWS - 1), last])];
  const byStep = curve.series.map(({ points }) => new Map(points.map(({ x, y }) => [x, y])));
  return html`<details><summary>Numbers</summary>${table({
    caption: `${curve.title}, ${shown.length} of ${steps.length} points`,
    head: [curve.xLabel ?? 'x', ...curve.series.map(({ name }) => name)],
    rows: shown.map((step) => ({
      cells: [formatNumber(step), ...byStep.map((values) => formatNumber(values.get(step)))],
    })),
  })}</details>`;
};

/** The training section; absent without curves. */
export function curves(input: Pick<ReportInput, 'curves'>): Content {
  const all = input.curves ?? [];
  if (all.length === 0) return undefined;
  return html`<section id="training"><h2>Training</h2>
<p class="quiet">Faint lines are the measurements, strong lines their moving average where one is drawn.</p>
<div class="grid">${all.map(
    (curve) => html`<figure><h3>${curve.title}</h3>
${trusted(lineChart(curve))}
${curve.caption && html`<figcaption>${curve.caption}</figcaption>`}${numbers(curve)}</figure>
`,
  )}</div></section>`;
}
