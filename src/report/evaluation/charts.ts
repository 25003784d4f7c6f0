/**
 * The charts of an evaluation, for the page and as files of their own.
 * @module
 */
import { type Evaluation, SCENE_COLUMN, wilsonShare } from '../../evaluate/index.ts';
import { cdfChart } from '../svg/cdf-chart.ts';
import { formatKm, formatNumber, formatPercent } from '../svg/format.ts';
import { intervalChart } from '../svg/interval-chart.ts';
import { reliabilityChart } from '../svg/reliability-chart.ts';
import { extentOf } from '../svg/scale.ts';
import { type WorldTopology, worldMap } from '../svg/world-map.ts';
import { shortName } from './cut-text.ts';
import type { EvaluationReport } from './report.ts';

/** A drawing with the name of its file, without an ending. */
export interface NamedChart {
  readonly name: string;
  readonly title: string;
  readonly svg: string;
}

/** Groups beyond these are in the tables alone: a chart of a hundred rows is none. */
const MAX_DRAWN_GROUPS = 14;

/** Smaller groups are in the tables alone too: their intervals would set the axis for all others. */
const MIN_DRAWN_ROWS = 10;

/** Breakdowns are drawn at this distance: the city level, which papers quote first. */
const FOCUS_KM = 25;

/** Charts with a row per estimate: narrow enough to be read on a phone. */
const ROWS_WIDTH = 400;
const LONGEST_NAME = 20;
const LONGEST_FILE_NAME = 60;

/** Sizes of the accuracy curve: the same text size on a page and on a phone. */
const CURVE_SIZES = { page: [1016, 440], phone: [354, 300] } as const;

/** What a column is called on the page. */
export const columnTitle = (column: string): string =>
  column.toLowerCase() === SCENE_COLUMN ? 'scene class' : column;

/** Share of answers within every distance, with a 95 % band. */
export function accuracyCurve(
  { distancesKm, title: name, evaluation }: EvaluationReport,
  size: keyof typeof CURVE_SIZES = 'page',
): NamedChart {
  const title = 'Accuracy over distance';
  const [width, height] = CURVE_SIZES[size];
  const shares = evaluation.accuracy.map(
    ({ thresholdKm, percent }) => `${formatPercent(percent)} within ${formatKm(thresholdKm)}`,
  );
  const svg = cdfChart({
    title,
    description: `${name}: ${shares.join(', ')}.`,
    series: [{ name, distancesKm: Array.from(distancesKm), interval: wilsonShare }],
    thresholdsKm: evaluation.accuracy
      .map(({ thresholdKm }) => thresholdKm)
      .filter((thresholdKm) => thresholdKm >= 1),
    legend: false,
    width,
    height,
  });
  return { name: 'accuracy-curve', title, svg };
}

type Breakdowns = NonNullable<Evaluation['breakdowns']>;

/** Names of files for columns; two columns never share one, whatever their letters. */
function fileNames(breakdowns: Breakdowns): string[] {
  const taken = new Set<string>();
  return breakdowns.map(({ by }) => {
    const clean = columnTitle(by)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .slice(0, LONGEST_FILE_NAME);
    let name = `by-${clean}`;
    for (let i = 2; taken.has(name); i++) name = `by-${clean}-${i}`;
    taken.add(name);
    return name;
  });
}

/** The groups of a column that are drawn: not the tiny ones, unless there are no others. */
export function drawnGroups({ groups }: Breakdowns[number]): Breakdowns[number]['groups'] {
  const large = groups.filter(({ n }) => n >= MIN_DRAWN_ROWS);
  return (large.length > 0 ? large : groups).slice(0, MAX_DRAWN_GROUPS);
}

/** Accuracy of every drawn group at the city level, all columns on one axis. */
export function breakdownCharts({ evaluation }: EvaluationReport): NamedChart[] {
  const breakdowns = evaluation.breakdowns ?? [];
  const files = fileNames(breakdowns);
  const drawn = breakdowns.map((breakdown) =>
    drawnGroups(breakdown).map(({ group, n, accuracy }) => {
      const share = accuracy.find(({ thresholdKm }) => thresholdKm === FOCUS_KM) ?? accuracy.at(0);
      const name = `${shortName(group, LONGEST_NAME)} (${formatNumber(n, 0)})`;
      return { name, value: share?.percent, low: share?.ciLow, high: share?.ciHigh };
    }),
  );
  const include = extentOf(drawn.flat().flatMap(({ low, high }) => [low, high]));
  const thresholds = evaluation.accuracy.map(({ thresholdKm }) => thresholdKm);
  const atKm = thresholds.includes(FOCUS_KM) ? FOCUS_KM : thresholds[0];
  return breakdowns.map(({ by }, i) => {
    const title = `Within ${formatKm(atKm)}, by ${shortName(columnTitle(by), 2 * LONGEST_NAME)}`;
    const svg = intervalChart({
      title,
      rows: drawn[i]!,
      ...(include && { include }),
      xLabel: 'percent of answers, with 95 % intervals',
      ...{ decimals: 1, width: ROWS_WIDTH },
    });
    return { name: files[i]!, title, svg };
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
  const xLabel = 'percentage points, 95 % intervals';
  const size = { decimals: 1, width: ROWS_WIDTH };
  const svg = intervalChart({ title, rows, xLabel, reference: 0, ...size });
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
