/**
 * Estimates with their uncertainty: a dot, whiskers to the ends of its interval, one row each.
 * @module
 */
import { type Area, emptyNote, textWidth, xAxis } from './axes.ts';
import { element, type Labelled, rounded, svgRoot, textElement } from './element.ts';
import {
  formatInterval,
  formatNumber,
  formatSigned,
  isNumber,
  type MaybeNumber,
  NO_NUMBER,
} from './format.ts';
import { type Emphasis, INK, seriesStyles } from './palette.ts';
import { extentOf, linearScale, opened, tickDecimals, ticks } from './scale.ts';

/** One row. A missing value is said in words, missing ends leave the dot alone. */
export interface IntervalRow {
  readonly name: string;
  readonly value: MaybeNumber;
  readonly low?: MaybeNumber;
  readonly high?: MaybeNumber;
  readonly emphasis?: Emphasis | undefined;
}

/** What an interval chart is made of. */
export interface IntervalChart extends Labelled {
  readonly rows: readonly IntervalRow[];
  readonly xLabel?: string | undefined;
  /** A value to mark with a line, 0 for differences. */
  readonly reference?: number | undefined;
  /** Values that must lie inside the axis. */
  readonly include?: readonly number[] | undefined;
  readonly decimals?: number | undefined;
  readonly width?: number | undefined;
}

const ROW = 30;

/** Draws intervals as one SVG element, as high as it has rows. */
export function intervalChart(chart: IntervalChart): string {
  const { rows, width = 460, decimals } = chart;
  const height = 16 + Math.max(1, rows.length) * ROW + (chart.xLabel ? 44 : 26);
  const widest = Math.max(0, ...rows.map(({ name }) => textWidth(name)));
  const area: Area = {
    left: Math.min(widest + 14, width * 0.45),
    top: 8,
    right: width - 64,
    bottom: 8 + Math.max(1, rows.length) * ROW,
  };
  const say = (value: MaybeNumber): string =>
    chart.reference === 0 ? formatSigned(value, decimals) : formatNumber(value, decimals);
  const description =
    chart.description ??
    rows
      .map(({ name, value, low, high }) => {
        const interval = formatInterval(low, high, decimals);
        return `${name}: ${say(value)}${interval === NO_NUMBER ? '' : ` (${interval})`}.`;
      })
      .join(' ');
  const label = { title: chart.title, description };
  const extent = extentOf(rows.flatMap(({ value, low, high }) => [value, low, high]));
  if (!extent) return svgRoot({ width, height }, label, emptyNote(area));

  const reference = chart.reference;
  const domain = opened(extentOf([...extent, reference, ...(chart.include ?? [])]) ?? extent);
  const margin = (domain[1] - domain[0]) * 0.04;
  const x = linearScale([domain[0] - margin, domain[1] + margin], [area.left, area.right]);
  const axisTicks = ticks(domain, 4);
  const styles = seriesStyles(rows.map(({ emphasis }) => ({ emphasis })));
  const marks = rows.map(({ name, value, low, high, emphasis }, i) => {
    const y = area.top + (i + 0.5) * ROW;
    // Rows are named beside their dots; hue only tells main from context.
    const color = emphasis === 'context' ? styles[i]!.color : 'var(--series-1, #0b6e75)';
    const central = { 'dominant-baseline': 'central' };
    const parts = [textElement(name, [0, y], { fill: INK.text, ...central })];
    if (isNumber(low) && isNumber(high)) {
      const [from, to] = [rounded(x(low)), rounded(x(high))];
      parts.push(
        element('path', {
          d: `M${from},${y - 5}V${y + 5}M${from},${y}H${to}M${to},${y - 5}V${y + 5}`,
          fill: 'none',
          stroke: color,
          'stroke-width': 1.5,
        }),
      );
    }
    const isMeasured = isNumber(value);
    if (isMeasured) parts.push(element('circle', { cx: x(value), cy: y, r: 4.5, fill: color }));
    parts.push(
      textElement(isMeasured ? say(value) : 'no data', [width, y], {
        fill: isMeasured ? INK.text : INK.muted,
        'text-anchor': 'end',
        ...central,
      }),
    );
    return element('g', { 'aria-hidden': 'true' }, ...parts);
  });
  const referenceLine =
    reference === undefined
      ? ''
      : element('line', {
          x1: x(reference),
          y1: area.top,
          x2: x(reference),
          y2: area.bottom,
          stroke: INK.muted,
          'stroke-dasharray': '3 3',
        });
  return svgRoot(
    { width, height },
    label,
    referenceLine,
    xAxis(area, {
      scale: x,
      ticks: axisTicks.values.map((value) => ({
        value,
        label: formatNumber(value, tickDecimals(axisTicks.step)),
      })),
      label: chart.xLabel,
    }),
    ...marks,
  );
}
