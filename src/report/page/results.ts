/**
 * The results: one row per system, then the paired comparisons with their verdicts.
 * @module
 */
import {
  accuracyAt,
  comparisonText,
  leads,
  optionalColumns,
  tableNote,
  thresholdsOf,
  verdictOf,
} from '../facts.ts';
import { type Content, html, table, trusted } from '../markup.ts';
import type { Measure, ReportComparison, ReportInput, ReportSystem } from '../report-input.ts';
import { formatInterval, formatKm, formatNumber, isNumber, NO_NUMBER } from '../svg/format.ts';
import { intervalChart } from '../svg/interval-chart.ts';

const measureCell = (measure: Measure | undefined, decimals: number): Content => {
  if (!measure || !isNumber(measure.value)) return NO_NUMBER;
  const interval = formatInterval(measure.ciLow, measure.ciHigh, decimals);
  return html`${formatNumber(measure.value, decimals)}${interval !== NO_NUMBER && html`<small>${interval}</small>`}`;
};

const systemCells = (
  input: ReportInput,
  system: ReportSystem,
  thresholds: readonly number[],
): Content[] => {
  const { evaluation } = system;
  return [
    html`${system.name}${system.note && html`<small>${system.note}</small>`}${
      evaluation.invalid > 0 &&
      html`<small>${formatNumber(evaluation.invalid, 0)} without a readable answer</small>`
    }`,
    ...thresholds.map((km): Content => {
      const column = accuracyAt(system, km);
      if (!column) return NO_NUMBER;
      const percent = formatNumber(column.percent, 1);
      const value = leads(input, system, km) ? html`<strong>${percent}</strong>` : percent;
      return html`${value}<small>${formatInterval(column.ciLow, column.ciHigh, 1)}</small>`;
    }),
    evaluation.median ? measureCell(evaluation.median, 0) : formatNumber(evaluation.medianKm, 0),
    ...optionalColumns(input).map(({ kind, of }) =>
      measureCell(of(system), kind === 'percent' ? 1 : 3),
    ),
  ];
};

const AXES = {
  reward: 'difference in reward',
  km: 'difference in km',
  points: 'difference in percentage points',
} as const;

const UNITS = ['reward', 'points', 'km'] as const;

/** Who is compared, where it is the same two throughout: then no row needs to say it again. */
const onePair = (all: readonly ReportComparison[]): string | undefined => {
  const pairs = new Set(all.map(({ from, to }) => `${to} against ${from}`));
  return pairs.size === 1 ? [...pairs][0] : undefined;
};

const comparisons = (input: ReportInput): Content => {
  const all = input.comparisons ?? [];
  if (all.length === 0) return undefined;
  const pair = onePair(all);
  const nameOf = ({ metric, from, to }: ReportComparison): string =>
    pair === undefined ? `${metric}: ${to} against ${from}` : metric;
  const rows = all.map((comparison) => {
    const { difference, interval } = comparisonText(comparison);
    const verdict = verdictOf(comparison);
    const symbol = { better: '▲ ', worse: '▼ ', 'inside the noise': '≈ ', 'not measured': '' }[
      verdict
    ];
    const kind = verdict === 'better' ? 'good' : verdict === 'worse' ? 'bad' : 'same';
    const word = html`<span class="${kind}">${symbol}${verdict}</span>`;
    return { cells: [nameOf(comparison), difference, interval, word] };
  });
  const charts = UNITS.flatMap((unit) => {
    const own = all.filter((comparison) => comparison.unit === unit);
    if (own.length === 0) return [];
    return trusted(
      intervalChart({
        title: `Paired differences, ${AXES[unit]}`,
        rows: own.map((comparison) => ({
          name: nameOf(comparison),
          value: comparison.difference,
          low: comparison.ciLow,
          high: comparison.ciHigh,
          emphasis: verdictOf(comparison) === 'inside the noise' ? 'context' : 'main',
        })),
        reference: 0,
        xLabel: AXES[unit],
        decimals: comparisonText(own[0]!).decimals,
        width: 1016,
      }),
    );
  });
  return html`<div class="wide"><h3>Paired comparisons</h3>
<p class="quiet">Both systems answered the same tiles, so their difference is taken tile by tile. It is called better or worse only when its 95 % interval excludes zero.</p>
${table({ caption: pair ?? 'Differences with 95 % intervals', head: ['Compared', 'Difference', '95 % interval', 'Verdict'], rows })}
${charts.map((chart) => html`<figure class="scroll" aria-label="Paired differences, drawn" tabindex="0">${chart}</figure>`)}</div>`;
};

const systemsTable = (input: ReportInput, caption: string): Content => {
  const thresholds = thresholdsOf(input);
  const head: Content[] = [
    'System',
    ...thresholds.map((km) => html`≤\u00a0${formatKm(km)}<small>%</small>`),
    html`Median<small>km</small>`,
    ...optionalColumns(input).map(
      ({ title, kind }) => html`${title}<small>${kind === 'percent' ? '%' : 'mean'}</small>`,
    ),
  ];
  const rows = input.systems.map((system) => ({
    kind: system.role,
    cells: systemCells(input, system, thresholds),
  }));
  return html`${table({ caption, head, rows })}
<p class="quiet">${tableNote(input)}</p>`;
};

const transferTable = (input: ReportInput): Content => {
  const { transfer } = input;
  if (!transfer) return undefined;
  const { title, measured, systems } = transfer;
  return html`<div class="wide"><h3>${title}</h3>
<p class="quiet">${measured}</p>
${systemsTable({ ...input, systems }, title)}</div>`;
};

/** The results section; empty when no system was evaluated. */
export function results(input: ReportInput): Content {
  if (input.systems.length === 0)
    return html`<section id="results"><h2>Results</h2><p>Nothing was evaluated.</p></section>`;
  return html`<section id="results"><h2>Results</h2>
<p class="quiet">Share of held-out tiles answered within each distance of the truth.</p>
${systemsTable(input, 'Accuracy by system')}
${(input.notes ?? []).map((note) => html`<p class="quiet">${note}</p>`)}
${comparisons(input)}
${transferTable(input)}
</section>`;
}
