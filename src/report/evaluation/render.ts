/**
 * The report of an evaluation as one HTML file.
 * @module
 */
import type { Evaluation } from '../../evaluate/index.ts';
import { type Content, html, table, trusted } from '../markup.ts';
import { errorMap } from '../page/errors.ts';
import { renderPage } from '../page/frame.ts';
import { type Fact, pageHeader } from '../page/header.ts';
import { record } from '../page/record.ts';
import { formatInterval, formatKm, formatNumber, formatPercent } from '../svg/format.ts';
import type { WorldTopology } from '../svg/world-map.ts';
import { worldAtlas } from '../world-atlas.ts';
import { answersSection } from './answers.ts';
import {
  accuracyCurve,
  breakdownCharts,
  differenceChart,
  drawnGroups,
  type NamedChart,
  reliabilityFigure,
} from './charts.ts';
import {
  accuracyTable,
  breakdownTable,
  errorTable,
  interval,
  readingTables,
  reliabilityTable,
} from './figures-table.ts';
import { againstTable, publishedTable } from './published-table.ts';
import type { EvaluationReport } from './report.ts';

/** Countries taken for each other on the page; the JSON of the evaluation has more. */
const SHOWN_CONFUSIONS = 10;

const distances = { haversine: 'on the sphere (R = 6371 km)', wgs84: 'on the WGS84 ellipsoid' };

function measured(evaluation: Evaluation): string {
  const { distance, comparison, reading, n, invalid, contract } = evaluation;
  const read = contract
    ? ` Completions were read by the contract ${contract}, ${reading === 'strict' ? 'to the letter' : 'with repairs where they were needed'}.`
    : '';
  return (
    `Great-circle distance ${distances[distance]} between answer and truth; an answer is right when ` +
    `it is ${comparison === '<=' ? 'at most' : 'less than'} the threshold away. All ${formatNumber(n, 0)} pictures stay in every ` +
    `denominator: ${invalid > 0 ? `the ${formatNumber(invalid, 0)} without a readable answer count as wrong` : 'each has a readable answer'}.${read}`
  );
}

const intervalNote = (ends: string): Content =>
  html`95 % interval <span class="whole">${ends}</span>`;

/** The figures to remember: city and country accuracy, the median, how many answers there were. */
function facts(evaluation: Evaluation): Fact[] {
  const shares = [25, 750].flatMap((km): Fact[] => {
    const at = evaluation.accuracy.find(({ thresholdKm }) => thresholdKm === km);
    if (!at) return [];
    const notes = [intervalNote(formatInterval(at.ciLow, at.ciHigh, 1))];
    return [{ name: `Within ${formatKm(km)}`, value: formatPercent(at.percent), notes }];
  });
  const { medianKm, medianInterval, valid, n, repairs, readings } = evaluation;
  return [
    ...shares,
    {
      name: 'Median error',
      value: formatKm(medianKm),
      notes: [intervalNote(`${interval(medianInterval.ciLow, medianInterval.ciHigh, 1)} km`)],
    },
    {
      name: 'Readable answers',
      value: formatPercent(valid.percent),
      notes: [
        `of ${formatNumber(n, 0)}`,
        repairs && `${formatNumber(readings.repaired, 0)} of them with repairs`,
      ],
    },
  ];
}

const drawing = ({ title, svg }: NamedChart): Content =>
  html`<div class="scroll" role="region" aria-label="${title}" tabindex="0">${trusted(svg)}</div>`;

const figure = (chart: NamedChart, ...below: Content[]): Content =>
  html`<figure><h3>${chart.title}</h3>
${drawing(chart)}${below}</figure>
`;

const caption = (...text: Content[]): Content => html`<figcaption>${text}</figcaption>`;

function results(report: EvaluationReport): Content {
  const { evaluation, against } = report;
  const difference = differenceChart(report);
  return html`<section id="results"><h2>Results</h2>
<div class="pair"><div><h3>Right answers</h3>${accuracyTable(evaluation)}</div>
<div><h3>Errors and scores</h3>${errorTable(evaluation)}</div></div>
</section>${
    against &&
    difference &&
    html`<section id="against"><h2>Against another run</h2>
<p class="quiet">${against.first} minus ${against.second}, picture by picture on the same ${formatNumber(against.comparison.n, 0)}. Better or worse is said only where the 95 % interval excludes zero.</p>
<div class="pair"><div>${againstTable(against)}</div><figure>${drawing(difference)}${caption('Right of the dashed line the first run is ahead.')}</figure></div></section>`
  }`;
}

function errors(report: EvaluationReport, world: WorldTopology): Content {
  const { mapped, evaluation } = report;
  const drawn = mapped.length < evaluation.answered ? ', an even sample' : '';
  const curve = accuracyCurve(report);
  return html`<section id="errors"><h2>Errors</h2>
<figure class="wide"><h3>${curve.title}</h3>
<div class="on-page">${trusted(curve.svg)}</div><div class="on-phone">${trusted(accuracyCurve(report, 'phone').svg)}</div>
${caption('Share of pictures answered within a distance. The band is the pointwise 95 % interval (Wilson); dashed verticals are the thresholds of the table.')}</figure>
${mapped.length > 0 && errorMap({ system: `${formatNumber(mapped.length, 0)} answers${drawn}`, errors: mapped }, world)}</section>`;
}

function groups(report: EvaluationReport): Content {
  const { breakdowns = [], confusions = [] } = report.evaluation;
  if (breakdowns.length + confusions.length === 0) return undefined;
  const charts = breakdownCharts(report).map((chart, i) => {
    const own = breakdowns[i]!;
    const more = own.groups.length - drawnGroups(own).length;
    return figure(
      chart,
      more > 0 && caption(`Groups that are in the table alone: ${formatNumber(more, 0)}.`),
      html`<details><summary>Numbers</summary>${breakdownTable(own)}</details>`,
    );
  });
  const confused = table({
    caption: 'Taken for another country',
    isTitled: true,
    head: ['True country', 'Answered', 'Pictures'],
    rows: confusions.slice(0, SHOWN_CONFUSIONS).map(({ truth, answered, count }) => ({
      cells: [truth, answered, formatNumber(count, 0)],
    })),
  });
  // Few charts stand above each other beside the table, many in two columns before it.
  const left = confusions.length > 0 && charts.length <= 3 ? html`<div>${charts}</div>` : charts;
  return html`<section id="groups"><h2>By group</h2>
<div class="grid">${left}
${confusions.length > 0 && html`<div><h3>Taken for another country</h3>${confused}</div>`}</div></section>`;
}

function confidence(report: EvaluationReport): Content {
  const chart = reliabilityFigure(report);
  const { reliability } = report.evaluation;
  if (!chart || !reliability) return undefined;
  const { n, ignored, expectedCalibrationError } = reliability;
  return html`<section id="confidence"><h2>Stated confidence</h2>
<p class="quiet">${formatNumber(n, 0)} answers state a confidence${ignored > 0 && html` (${formatNumber(ignored, 0)} more lie outside 0 to 1)`}. Expected calibration error: ${formatPercent(100 * expectedCalibrationError)}; 0 would mean that confidence and accuracy agree.</p>
<div class="grid">${figure(chart, caption('On the diagonal a confidence is earned; below it, it is too high. Dots grow with the number of answers.'))}
<div><h3>Confidence and accuracy</h3>${reliabilityTable(reliability)}</div></div></section>`;
}

/**
 * Renders the report of an evaluation.
 *
 * @param world - outline for the map; the one that ships with geor when left out
 * @returns a whole HTML document
 */
export function renderEvaluation(
  report: EvaluationReport,
  world: WorldTopology = worldAtlas(),
): string {
  const { evaluation, title, madeAt, published } = report;
  return renderPage({
    title,
    madeAt,
    sections: [
      pageHeader({
        overline: html`geor evaluation · ${formatNumber(evaluation.n, 0)} pictures`,
        title,
        lede: report.subject,
        measured: measured(evaluation),
        facts: facts(evaluation),
      }),
      results(report),
      published && publishedTable(published),
      errors(report, world),
      groups(report),
      confidence(report),
      html`<section id="readings"><h2>Reading the answers</h2>${readingTables(evaluation)}</section>`,
      answersSection(report),
      record({ stages: [], record: report.record ?? [] }),
    ],
  });
}
