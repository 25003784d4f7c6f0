/**
 * Stated confidence against what came of it: a dot per bin with the interval of its accuracy. On the
 * diagonal a confidence is earned; below it the system is too sure of itself.
 * @module
 */
import { type Area, emptyNote, xAxis, yAxis } from './axes.ts';
import { element, type Labelled, rounded, svgRoot } from './element.ts';
import { formatNumber, formatPercent, THIN_SPACE } from './format.ts';
import { INK } from './palette.ts';
import { linearScale } from './scale.ts';

/** Answers of about one confidence. */
export interface ReliabilityBin {
  readonly n: number;
  /** In [0, 1]. */
  readonly meanConfidence: number;
  /** Share of right answers and the ends of its interval, percent. */
  readonly percent: number;
  readonly ciLow: number;
  readonly ciHigh: number;
}

/** What a reliability chart is made of. */
export interface ReliabilityChart extends Labelled {
  readonly bins: readonly ReliabilityBin[];
  readonly size?: number | undefined;
}

const SMALLEST = 3;
const LARGEST = 8;

/** Draws the chart as one square SVG element; the area of a dot grows with its answers. */
export function reliabilityChart({ bins, size = 420, ...label }: ReliabilityChart): string {
  const area: Area = { left: 52, top: 28, right: size - 24, bottom: size - 48 };
  const x = linearScale([0, 1], [area.left, area.right]);
  const y = linearScale([0, 100], [area.bottom, area.top]);
  const most = Math.max(1, ...bins.map(({ n }) => n));
  const said = bins.map(
    ({ n, meanConfidence, percent }) =>
      `${formatPercent(100 * meanConfidence)} stated: ${formatPercent(percent)} right of ${formatNumber(n, 0)}.`,
  );
  const marks = bins.map(({ n, meanConfidence, percent, ciLow, ciHigh }) => {
    const at = rounded(x(meanConfidence));
    const color = 'var(--series-1, #0b6e75)';
    const whisker = element('path', {
      d: `M${at},${rounded(y(ciLow))}V${rounded(y(ciHigh))}`,
      stroke: color,
      'stroke-width': 1.5,
    });
    const r = SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(n / most);
    return (
      whisker + element('circle', { cx: at, cy: y(percent), r, fill: color, 'fill-opacity': 0.85 })
    );
  });
  const percents = [0, 25, 50, 75, 100].map((value) => ({
    value,
    label: `${value}${THIN_SPACE}%`,
  }));
  return svgRoot(
    { width: size, height: size },
    { title: label.title, description: label.description ?? said.join(' ') },
    yAxis(area, { scale: y, ticks: percents, label: 'right answers' }),
    xAxis(area, {
      scale: x,
      ticks: percents.map((tick) => ({ ...tick, value: tick.value / 100 })),
      label: 'stated confidence',
    }),
    element('line', {
      x1: x(0),
      y1: y(0),
      x2: x(1),
      y2: y(100),
      stroke: INK.muted,
      'stroke-dasharray': '4 4',
    }),
    ...(marks.length > 0 ? marks : [emptyNote(area)]),
  );
}
