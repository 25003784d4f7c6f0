/**
 * Where and how far the answers were off: the distribution of errors and maps of the world.
 * @module
 */
import { type Content, html, table, trusted } from '../markup.ts';
import type { ReportInput, ReportMap } from '../report-input.ts';
import { cdfChart, percentWithin } from '../svg/cdf-chart.ts';
import { element } from '../svg/element.ts';
import { formatKm, formatNumber, formatPercent } from '../svg/format.ts';
import { errorClassCounts, type WorldTopology, worldMap } from '../svg/world-map.ts';

// Round distances between the field's thresholds, for the distribution in numbers.
const TABLE_KM = [1, 25, 100, 200, 500, 750, 1500, 2500, 5000, 10_000] as const;

const distribution = (input: ReportInput): Content => {
  const series = input.systems.flatMap(({ name, role, distancesKm }) =>
    distancesKm && distancesKm.length > 0 ? [{ name, emphasis: role, distancesKm }] : [],
  );
  if (series.length === 0) return undefined;
  const title = 'Distribution of errors';
  return html`<figure class="wide"><h3>${title}</h3>
<div class="scroll" role="region" aria-label="${title}" tabindex="0">${trusted(cdfChart({ title, series, width: 1016, height: 460 }))}</div>
<figcaption>A curve further up and to the left is nearer to the truth. Dashed verticals: the thresholds of the table. Grey: what the trained model is compared with.</figcaption>
<details><summary>Numbers</summary>${table({
    caption: 'Share of answers within a distance',
    head: ['Within', ...series.map(({ name }) => name)],
    rows: TABLE_KM.map((km) => ({
      cells: [
        formatKm(km),
        ...series.map(({ distancesKm }) => formatPercent(percentWithin(distancesKm, km))),
      ],
    })),
  })}</details></figure>`;
};

const dot = (color: string): Content =>
  trusted(
    element(
      'svg',
      { viewBox: '0 0 12 12', 'aria-hidden': 'true' },
      element('circle', { cx: 6, cy: 6, r: 5, fill: color }),
    ),
  );

/** A map of errors with its key and what it shows. */
export function errorMap({ system, errors }: ReportMap, world: WorldTopology): Content {
  const counts = errorClassCounts(errors);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const lines = counts.reduce((sum, own) => sum + own.lines, 0);
  const title = `Errors of ${system}`;
  return html`<figure class="wide"><h3>${title}</h3>
${trusted(worldMap({ title, world, errors, legend: false }))}
<ul class="key">${counts.map(
    ({ label, color, count }) =>
      html`<li>${dot(color)}${label}: ${formatNumber(count, 0)}${total > 0 && html` (${formatPercent((count / total) * 100, 0)})`}</li>`,
  )}</ul>
<figcaption>A dot is the truth, coloured by how far the answer was; a line leads to the answer. ${formatNumber(total, 0)} answers${lines < total && `, lines for ${formatNumber(lines, 0)} of them, evenly sampled within each class`}.</figcaption></figure>`;
}

/** The section on errors; absent when neither distances nor maps are given. */
export function errorFigures(input: ReportInput, world: WorldTopology): Content {
  const chart = distribution(input);
  const maps = input.maps ?? [];
  if (!chart && maps.length === 0) return undefined;
  return html`<section id="errors"><h2>Errors</h2>${chart}${maps.map((one) => errorMap(one, world))}</section>`;
}
