/**
 * Curves over steps: loss, reward, KL and the like.
 *
 * With smoothing the raw measurements stay visible behind the smooth line, so that nobody mistakes
 * one for the other.
 * @module
 */
import { type Area, emptyNote, textWidth, xAxis, yAxis } from './axes.ts';
import { element, type Labelled, polyline, svgRoot } from './element.ts';
import { formatNumber, formatPercent, THIN_SPACE } from './format.ts';
import { legend } from './legend.ts';
import { type Emphasis, seriesStyles } from './palette.ts';
import {
  type Extent,
  extentOf,
  linearScale,
  niceExtent,
  opened,
  tickDecimals,
  ticks,
} from './scale.ts';
import { movingAverage } from './smooth.ts';

/** One curve; a `null` or unfinite `y` leaves a gap. */
export interface LineSeries {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number | null }[];
  readonly emphasis?: Emphasis | undefined;
}

/** What a line chart is made of. */
export interface LineChart extends Labelled {
  readonly series: readonly LineSeries[];
  readonly xLabel?: string | undefined;
  readonly yLabel?: string | undefined;
  /** Points per moving average, odd; 0 or left out draws the measurements only. */
  readonly smoothing?: number | undefined;
  /** `percent`: values are shares of 0 to 100. */
  readonly unit?: 'number' | 'percent' | undefined;
  /** Values that must lie inside the y axis, 0 for a quantity that cannot be negative. */
  readonly include?: readonly number[] | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Left out: a legend when there is more than one series. */
  readonly legend?: boolean | undefined;
}

const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null;

const describe = (chart: LineChart): string => {
  const say = (value: number): string =>
    chart.unit === 'percent' ? formatPercent(value) : formatNumber(value);
  return chart.series
    .map(({ name, points }) => {
      const values = points.map(({ y }) => finite(y)).filter((y) => y !== null);
      const [first] = values;
      const last = values.at(-1);
      if (first === undefined || last === undefined) return `${name}: no data.`;
      const [low, high] = extentOf(values) ?? [first, first];
      return `${name}: from ${say(first)} to ${say(last)}, between ${say(low)} and ${say(high)}, ${values.length} points.`;
    })
    .join(' ');
};

/** Draws a line chart as one SVG element. */
export function lineChart(chart: LineChart): string {
  const { width = 460, height = 260, smoothing = 0 } = chart;
  const series = chart.series.map((one) => ({
    ...one,
    points: one.points
      .filter(({ x }) => Number.isFinite(x))
      .map(({ x, y }) => ({ x, y: finite(y) })),
  }));
  const styles = seriesStyles(series);
  const hasLegend = chart.legend ?? series.length > 1;
  const key = legend(
    hasLegend ? series.map(({ name }, i) => ({ name, style: styles[i]! })) : [],
    width,
  );
  const frame: Area = {
    left: 52,
    top: key.height + (chart.yLabel ? 26 : 12),
    right: width - 14,
    bottom: height - (chart.xLabel ? 44 : 26),
  };
  const label = { title: chart.title, description: chart.description ?? describe(chart) };
  const xs = extentOf(series.flatMap(({ points }) => points.map(({ x }) => x)));
  const ys = extentOf(series.flatMap(({ points }) => points.map(({ y }) => y)));
  if (!xs || !ys) return svgRoot({ width, height }, label, key.markup, emptyNote(frame));

  const wanted = extentOf([...ys, ...(chart.include ?? [])]) ?? ys;
  const yDomain: Extent = niceExtent(opened(wanted), 4);
  const xDomain = opened(xs);
  const y = linearScale(yDomain, [frame.bottom, frame.top]);
  const yTicks = ticks(yDomain, 4);
  const xTicks = ticks(xDomain, 5);
  const suffix = chart.unit === 'percent' ? `${THIN_SPACE}%` : '';
  const labelled = ({ values, step }: typeof yTicks, ending = '') =>
    values.map((value) => ({ value, label: formatNumber(value, tickDecimals(step)) + ending }));
  const yLabels = labelled(yTicks, suffix);
  const widest = Math.max(...yLabels.map(({ label: text }) => textWidth(text)));
  const area = { ...frame, left: Math.max(frame.left, 1.15 * widest + 10) };
  const x = linearScale(xDomain, [area.left, area.right]);

  const curves = series.map(({ points }, i) => {
    const style = styles[i]!;
    const path = (values: readonly (number | null)[], opacity: number | undefined): string =>
      element('path', {
        d: polyline(
          points.map((point, at) => {
            const value = values[at];
            return typeof value === 'number' ? [x(point.x), y(value)] : null;
          }),
        ),
        fill: 'none',
        stroke: style.color,
        'stroke-width': opacity === undefined ? style.width : 1,
        'stroke-dasharray': opacity === undefined ? style.dash : undefined,
        'stroke-linejoin': 'round',
        'stroke-linecap': 'round',
        opacity,
      });
    const raw = points.map((point) => point.y);
    // An average over a third of all points would no longer show the curve.
    if (smoothing <= 1 || raw.length < 3 * smoothing) return path(raw, undefined);
    return path(raw, 0.3) + path(movingAverage(raw, smoothing), undefined);
  });
  return svgRoot(
    { width, height },
    label,
    key.markup,
    yAxis(area, { scale: y, ticks: yLabels, label: chart.yLabel }),
    xAxis(area, { scale: x, ticks: labelled(xTicks), label: chart.xLabel }),
    ...curves,
  );
}
