/**
 * The charts of an evaluation, for the page and as files of their own.
 * @module
 */
import { wilsonShare } from '../../evaluate/index.ts';
import { cdfChart } from '../svg/cdf-chart.ts';
import { formatKm } from '../svg/format.ts';
import { intervalChart } from '../svg/interval-chart.ts';
import { reliabilityChart } from '../svg/reliability-chart.ts';
import { type WorldTopology, worldMap } from '../svg/world-map.ts';
import type { EvaluationReport } from './report.ts';

/** A drawing with the name of its file, without an ending. */
export interface NamedChart {
  readonly name: string;
  readonly title: string;
  readonly svg: string;
}

/** Groups beyond these are in the tables alone: a chart of a hundred rows is none. */
const MAX_DRAWN_GROUPS = 14;

/** Breakdowns are drawn at this distance: the city level, which papers quote first. */
const FOCUS_KM = 25;

/** Rows drawn for the accuracy curve; more do not change a pixel. */
const MAX_CURVE_ROWS = 20_000;

/** Share of answers within every distance, with a 95 % band. */
export function accuracyCurve({ distancesKm, title }: EvaluationReport): NamedChart {
  const sorted = distancesKm.slice().sort();
  const step = Math.max(1, Math.ceil(sorted.length / MAX_CURVE_ROWS));
  const drawn = Array.from(
    { length: Math.ceil(sorted.length / step) },
    (_, i) => sorted[Math.min(sorted.length - 1, i * step + (step >> 1))]!,
  );
  const series = {
    name: title,
    distancesKm: drawn.map((km) => (Number.isFinite(km) ? km : null)),
    interval: (count: number, n: number) =>
      wilsonShare(Math.min(sorted.length, count * step), Math.min(sorted.length, n * step)),
  };
  const name = 'Accuracy over distance';
  const svg = cdfChart({ title: name, series: [series], width: 1016, height: 440 });
  return { name: 'accuracy-curve', title: name, svg };
}

/** Accuracy of every group at the city level. */
export function breakdownCharts({ evaluation }: EvaluationReport): NamedChart[] {
  return (evaluation.breakdowns ?? []).map(({ by, groups }) => {
    const at = groups[0]?.accuracy.find(({ thresholdKm }) => thresholdKm === FOCUS_KM)
      ? FOCUS_KM
      : groups[0]?.accuracy[0]?.thresholdKm;
    const title = `Within ${formatKm(at)}, by ${by}`;
    const rows = groups.slice(0, MAX_DRAWN_GROUPS).map(({ group, n, accuracy }) => {
      const share = accuracy.find(({ thresholdKm }) => thresholdKm === at);
      return {
        name: `${group} (${n})`,
        value: share?.percent,
        low: share?.ciLow,
        high: share?.ciHigh,
      };
    });
    const file = `by-${by.replace(/[^\w-]+/g, '-').toLowerCase()}`;
    const xLabel = 'percent of answers, with 95 % intervals';
    return { name: file, title, svg: intervalChart({ title, rows, xLabel, decimals: 1 }) };
  });
}

/** Stated confidence against accuracy; absent where none was stated. */
export function reliabilityFigure({ evaluation }: EvaluationReport): NamedChart | undefined {
  const { reliability } = evaluation;
  if (!reliability || reliability.bins.length === 0) return undefined;
  const title = `Stated confidence against being within ${formatKm(reliability.withinKm)}`;
  const svg = reliabilityChart({ title, bins: reliability.bins });
  return { name: 'reliability', title, svg };
}

/** Differences to another run, in percentage points. */
export function differenceChart({ against }: EvaluationReport): NamedChart | undefined {
  if (!against) return undefined;
  const title = `${against.first} minus ${against.second}`;
  const rows = against.comparison.accuracy.map(({ thresholdKm, difference, ciLow, ciHigh }) => ({
    name: `within ${formatKm(thresholdKm)}`,
    ...{ value: difference, low: ciLow, high: ciHigh },
  }));
  const xLabel = 'percentage points, paired, with 95 % intervals';
  const svg = intervalChart({ title, rows, xLabel, reference: 0, decimals: 1, width: 640 });
  return { name: 'difference', title, svg };
}

/** Every chart of the report as a drawing of its own. */
export function evaluationCharts(report: EvaluationReport, world: WorldTopology): NamedChart[] {
  const title = 'Map of errors';
  const map = { name: 'map', title, svg: worldMap({ title, world, errors: report.mapped }) };
  const optional = [reliabilityFigure(report), differenceChart(report)];
  return [
    accuracyCurve(report),
    map,
    ...breakdownCharts(report),
    ...optional.filter((chart) => chart !== undefined),
  ];
}
